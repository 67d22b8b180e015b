import OpsPostgres

extension AgentOpsSchema {
    /// Incidents and what belongs to them; actions; and, of the referee's organisation, faults and scenario runs.
    static let lab = Migration(
        6,
        "lab",
        up: #"""
            SET LOCAL ROLE agentops_owner;

            CREATE TABLE lab.incidents (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL,
                state text NOT NULL,
                title text NOT NULL,
                agent text,
                opened_at timestamptz NOT NULL DEFAULT now(),
                ended_at timestamptz,
                version bigint NOT NULL DEFAULT 1,
                document jsonb NOT NULL DEFAULT '{}',
                PRIMARY KEY (org_id, id)
            );
            CREATE INDEX incidents_open ON lab.incidents (org_id, opened_at) WHERE ended_at IS NULL;

            CREATE TABLE lab.incident_events (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                incident_id text NOT NULL,
                seq bigint NOT NULL,
                at timestamptz NOT NULL DEFAULT clock_timestamp(),
                type text NOT NULL,
                message text NOT NULL,
                payload jsonb,
                PRIMARY KEY (org_id, incident_id, seq),
                FOREIGN KEY (org_id, incident_id) REFERENCES lab.incidents (org_id, id)
            );

            CREATE TABLE lab.evidence (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                incident_id text NOT NULL,
                id text NOT NULL,
                answer jsonb NOT NULL,
                at timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (org_id, incident_id, id),
                FOREIGN KEY (org_id, incident_id) REFERENCES lab.incidents (org_id, id)
            );

            -- Commands to carry out after the transaction that decided them; the id is their idempotency key.
            CREATE TABLE lab.outbox (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                id text NOT NULL,
                incident_id text NOT NULL,
                kind text NOT NULL,
                payload jsonb NOT NULL DEFAULT '{}',
                state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'dropped')),
                attempts integer NOT NULL DEFAULT 0,
                not_before timestamptz NOT NULL DEFAULT now(),
                created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                result jsonb,
                PRIMARY KEY (org_id, id),
                FOREIGN KEY (org_id, incident_id) REFERENCES lab.incidents (org_id, id)
            );
            CREATE INDEX outbox_waiting ON lab.outbox (org_id, state, not_before);

            CREATE TABLE lab.signals (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                id text NOT NULL DEFAULT gen_random_uuid()::text,
                source text NOT NULL,
                name text NOT NULL,
                state text NOT NULL,
                fingerprint text,
                incident_id text,
                received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                document jsonb NOT NULL DEFAULT '{}',
                PRIMARY KEY (org_id, id)
            );
            CREATE INDEX signals_by_time ON lab.signals (org_id, received_at DESC);

            CREATE TABLE lab.pages (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                id text NOT NULL,
                journey text NOT NULL,
                state text NOT NULL CHECK (state IN ('firing', 'resolved')),
                severity text NOT NULL DEFAULT 'page',
                starts_at timestamptz NOT NULL,
                ends_at timestamptz,
                good_ratio double precision,
                objective double precision,
                burn double precision,
                document jsonb NOT NULL DEFAULT '{}',
                PRIMARY KEY (org_id, id)
            );
            CREATE INDEX pages_by_time ON lab.pages (org_id, starts_at DESC);

            CREATE TABLE lab.actions (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                id text NOT NULL,
                name text NOT NULL,
                version integer NOT NULL DEFAULT 1,
                target text,
                parameters jsonb NOT NULL DEFAULT '{}',
                state text NOT NULL,
                principal text,
                incident_id text,
                run_id text,
                grant_id text,
                idempotency_key text,
                epoch bigint,
                fingerprint text,
                requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                started_at timestamptz,
                ended_at timestamptz,
                outcome text,
                document jsonb NOT NULL DEFAULT '{}',
                PRIMARY KEY (org_id, id),
                UNIQUE (org_id, grant_id),
                UNIQUE (org_id, idempotency_key)
            );
            CREATE INDEX actions_by_time ON lab.actions (org_id, requested_at DESC);
            CREATE INDEX actions_by_incident ON lab.actions (org_id, incident_id);

            CREATE TABLE lab.faults (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                id text NOT NULL,
                kind text NOT NULL,
                class text NOT NULL CHECK (class IN ('event', 'held', 'condition')),
                target text,
                state text NOT NULL,
                run_id text,
                requested jsonb NOT NULL DEFAULT '{}',
                achieved jsonb NOT NULL DEFAULT '{}',
                lease_until timestamptz,
                requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                applied_at timestamptz,
                ended_at timestamptz,
                outcome text,
                document jsonb NOT NULL DEFAULT '{}',
                PRIMARY KEY (org_id, id)
            );
            CREATE INDEX faults_by_time ON lab.faults (org_id, requested_at DESC);

            CREATE TABLE lab.scenario_runs (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                id text NOT NULL,
                scenario text NOT NULL,
                seed numeric(20) NOT NULL,
                draw jsonb NOT NULL DEFAULT '{}',
                commitment text,
                nonce text,
                agent text,
                autonomy text,
                isolation text CHECK (isolation IN ('I0', 'I1', 'I2', 'I3')),
                state text NOT NULL DEFAULT 'running',
                incident_id text,
                started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                ended_at timestamptz,
                PRIMARY KEY (org_id, id)
            );
            CREATE INDEX scenario_runs_by_scenario ON lab.scenario_runs (org_id, scenario, started_at DESC);

            CREATE TABLE lab.scenario_results (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                run_id text NOT NULL,
                verdict text NOT NULL,
                passed boolean NOT NULL,
                figures jsonb NOT NULL DEFAULT '{}',
                document jsonb NOT NULL DEFAULT '{}',
                recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (org_id, run_id),
                FOREIGN KEY (org_id, run_id) REFERENCES lab.scenario_runs (org_id, id)
            );

            SELECT agentops.isolate('lab.incidents', 'lab.incident_events', 'lab.evidence', 'lab.outbox', 'lab.signals',
                'lab.pages', 'lab.actions', 'lab.faults', 'lab.scenario_runs', 'lab.scenario_results');
            RESET ROLE;
            """#,
        down: #"""
            DROP TABLE lab.scenario_results, lab.scenario_runs, lab.faults, lab.actions, lab.pages, lab.signals, lab.outbox,
                lab.evidence, lab.incident_events, lab.incidents;
            """#
    )
}
