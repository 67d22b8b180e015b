import OpsPostgres

extension AgentOpsSchema {
    /// Projects, their tasks, and what runs leave behind.
    static let work = Migration(
        5,
        "work",
        up: #"""
            SET LOCAL ROLE agentops_owner;

            CREATE TABLE agentops.projects (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL DEFAULT gen_random_uuid()::text,
                name text NOT NULL,
                status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'done', 'archived')),
                description text NOT NULL DEFAULT '',
                created_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (org_id, id)
            );

            CREATE TABLE agentops.tasks (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL DEFAULT gen_random_uuid()::text,
                project_id text NOT NULL,
                title text NOT NULL,
                status text NOT NULL DEFAULT 'open'
                    CHECK (status IN ('open', 'claimed', 'blocked', 'done', 'failed', 'cancelled')),
                priority integer NOT NULL DEFAULT 0,
                claimed_by text,
                lease_until timestamptz,
                blocked_reason text,
                result jsonb,
                created_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (org_id, id),
                FOREIGN KEY (org_id, project_id) REFERENCES agentops.projects (org_id, id),
                FOREIGN KEY (org_id, claimed_by) REFERENCES agentops.agents (org_id, id)
            );
            CREATE INDEX tasks_open ON agentops.tasks (org_id, status, priority DESC, created_at);
            CREATE INDEX tasks_by_project ON agentops.tasks (org_id, project_id);

            CREATE TABLE agentops.artifacts (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL DEFAULT gen_random_uuid()::text,
                run_id text,
                task_id text,
                name text NOT NULL,
                media_type text NOT NULL,
                size bigint NOT NULL CHECK (size >= 0),
                sha256 text NOT NULL,
                location text NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (org_id, id),
                FOREIGN KEY (org_id, run_id) REFERENCES agentops.runs (org_id, id),
                FOREIGN KEY (org_id, task_id) REFERENCES agentops.tasks (org_id, id)
            );
            CREATE INDEX artifacts_by_run ON agentops.artifacts (org_id, run_id);

            SELECT agentops.isolate('agentops.projects', 'agentops.tasks', 'agentops.artifacts');
            RESET ROLE;
            """#,
        down: "DROP TABLE agentops.artifacts, agentops.tasks, agentops.projects;"
    )
}
