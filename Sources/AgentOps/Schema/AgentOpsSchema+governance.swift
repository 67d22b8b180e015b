import OpsPostgres

extension AgentOpsSchema {
    /// What is allowed, who decides, and what it may cost.
    static let governance = Migration(
        4,
        "governance",
        up: #"""
            SET LOCAL ROLE agentops_owner;

            CREATE TABLE agentops.policies (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL,
                version integer NOT NULL DEFAULT 1 CHECK (version > 0),
                name text NOT NULL,
                description text NOT NULL DEFAULT '',
                rule_definition jsonb NOT NULL,
                status text NOT NULL DEFAULT 'active' CHECK (status IN ('draft', 'active', 'retired')),
                priority integer NOT NULL DEFAULT 0,
                supersedes integer,
                created_by text,
                created_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (org_id, id, version)
            );

            CREATE TABLE agentops.approval_requests (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL,
                run_id text,
                incident_id text,
                policy_id text,
                policy_version integer,
                action_type text NOT NULL,
                action_context jsonb NOT NULL DEFAULT '{}',
                action_digest text,
                digest text,
                document jsonb NOT NULL DEFAULT '{}',
                status text NOT NULL DEFAULT 'pending'
                    CHECK (status IN ('pending', 'approved', 'denied', 'expired', 'superseded', 'consumed')),
                requester text,
                required_roles text[] NOT NULL DEFAULT '{}',
                quorum integer NOT NULL DEFAULT 1 CHECK (quorum > 0),
                approver_user_id text,
                approval_comment text,
                created_at timestamptz NOT NULL DEFAULT now(),
                expires_at timestamptz NOT NULL,
                remaining interval,
                decided_at timestamptz,
                consumed_at timestamptz,
                PRIMARY KEY (org_id, id),
                FOREIGN KEY (org_id, policy_id, policy_version) REFERENCES agentops.policies (org_id, id, version)
            );
            CREATE INDEX approval_requests_by_status ON agentops.approval_requests (org_id, status, expires_at);
            CREATE INDEX approval_requests_by_incident ON agentops.approval_requests (org_id, incident_id);

            CREATE TABLE agentops.budgets (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL DEFAULT gen_random_uuid()::text,
                agent_id text,
                team_name text,
                max_amount_usd numeric(14, 6) NOT NULL CHECK (max_amount_usd >= 0),
                period text NOT NULL CHECK (period IN ('daily', 'weekly', 'monthly')),
                threshold_alert_percent integer NOT NULL DEFAULT 80 CHECK (threshold_alert_percent BETWEEN 1 AND 100),
                auto_pause_at_percent integer CHECK (auto_pause_at_percent BETWEEN 1 AND 200),
                current_spend_usd numeric(14, 6) NOT NULL DEFAULT 0,
                reserved_usd numeric(14, 6) NOT NULL DEFAULT 0,
                alerts_sent integer[] NOT NULL DEFAULT '{}',
                period_start_date date NOT NULL,
                period_end_date date NOT NULL CHECK (period_end_date > period_start_date),
                PRIMARY KEY (org_id, id),
                FOREIGN KEY (org_id, agent_id) REFERENCES agentops.agents (org_id, id)
            );
            CREATE INDEX budgets_by_agent ON agentops.budgets (org_id, agent_id);

            SELECT agentops.isolate('agentops.policies', 'agentops.approval_requests', 'agentops.budgets');
            RESET ROLE;
            """#,
        down: "DROP TABLE agentops.budgets, agentops.approval_requests, agentops.policies;"
    )
}
