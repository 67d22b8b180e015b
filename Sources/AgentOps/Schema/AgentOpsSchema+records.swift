import OpsPostgres

extension AgentOpsSchema {
    /// Who works here, what they work on, and what happens meanwhile.
    static let records = Migration(
        2,
        "records",
        up: #"""
            SET LOCAL ROLE agentops_owner;

            CREATE TABLE agentops.agents (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL,
                name text NOT NULL,
                type text NOT NULL CHECK (type IN ('service', 'agent', 'cli', 'external')),
                provider text NOT NULL DEFAULT 'opslab',
                version text NOT NULL DEFAULT '',
                status text NOT NULL DEFAULT 'registered'
                    CHECK (status IN ('registered', 'running', 'stopped', 'paused', 'revoked')),
                tags text[] NOT NULL DEFAULT '{}',
                environment text NOT NULL DEFAULT 'local',
                config jsonb NOT NULL DEFAULT '{}',
                autonomy_level text CHECK (autonomy_level IN ('observe', 'suggest', 'approve', 'auto')),
                registered_at timestamptz NOT NULL DEFAULT now(),
                last_heartbeat_at timestamptz,
                paused_at timestamptz,
                paused_by text,
                paused_reason text,
                PRIMARY KEY (org_id, id)
            );

            CREATE TABLE agentops.sessions (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL DEFAULT gen_random_uuid()::text,
                user_id text,
                agent_id text,
                started_at timestamptz NOT NULL DEFAULT now(),
                ended_at timestamptz,
                state jsonb NOT NULL DEFAULT '{}',
                PRIMARY KEY (org_id, id),
                FOREIGN KEY (org_id, agent_id) REFERENCES agentops.agents (org_id, id)
            );

            CREATE TABLE agentops.runs (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL DEFAULT gen_random_uuid()::text,
                agent_id text NOT NULL,
                kind text NOT NULL DEFAULT 'task' CHECK (kind IN ('process', 'incident', 'scenario', 'task')),
                status text NOT NULL DEFAULT 'running'
                    CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'interrupted', 'cancelled')),
                input_data jsonb NOT NULL DEFAULT '{}',
                output_data jsonb,
                start_time timestamptz NOT NULL DEFAULT now(),
                end_time timestamptz,
                latency_ms bigint GENERATED ALWAYS AS
                    ((extract(epoch FROM end_time - start_time) * 1000)::bigint) STORED,
                token_usage jsonb NOT NULL DEFAULT '{}',
                cost_usd numeric(14, 6) NOT NULL DEFAULT 0 CHECK (cost_usd >= 0),
                external_reference text,
                idempotency_key text,
                session_id text,
                incident_id text,
                parent_run_id text,
                trace_id text,
                PRIMARY KEY (org_id, id),
                UNIQUE (org_id, external_reference),
                UNIQUE (org_id, agent_id, idempotency_key),
                FOREIGN KEY (org_id, agent_id) REFERENCES agentops.agents (org_id, id),
                FOREIGN KEY (org_id, session_id) REFERENCES agentops.sessions (org_id, id),
                FOREIGN KEY (org_id, parent_run_id) REFERENCES agentops.runs (org_id, id)
            );
            CREATE INDEX runs_by_agent ON agentops.runs (org_id, agent_id, start_time DESC);
            CREATE INDEX runs_by_incident ON agentops.runs (org_id, incident_id) WHERE incident_id IS NOT NULL;

            -- How far each writer's numbered records have arrived; the epoch shuts out an older process of the same name.
            CREATE TABLE agentops.writer_positions (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                writer text NOT NULL,
                epoch bigint NOT NULL DEFAULT 1,
                last_n bigint NOT NULL DEFAULT 0,
                updated_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (org_id, writer)
            );

            -- The next number of an organisation. The row stays locked until commit, so the order of numbers is that of commits.
            CREATE TABLE agentops.org_seq (
                org_id text PRIMARY KEY REFERENCES agentops.organizations (id),
                next bigint NOT NULL DEFAULT 1
            );
            INSERT INTO agentops.org_seq (org_id) SELECT id FROM agentops.organizations;

            -- seq is the order of arrival; clock and timestamp tell the order in which things happened. There is no foreign key to
            -- runs, because records that waited in a spool may arrive before or after the rows they speak of.
            CREATE TABLE agentops.events (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                seq bigint NOT NULL,
                id text NOT NULL,
                writer text NOT NULL,
                n bigint NOT NULL,
                run_id text,
                incident_id text,
                stream text NOT NULL CHECK (stream IN
                    ('lifecycle', 'assistant', 'tool', 'signal', 'action', 'approval', 'fault')),
                event_type text NOT NULL,
                trace_id text,
                span_id text,
                parent_span_id text,
                "timestamp" timestamptz NOT NULL,
                clock bigint NOT NULL,
                recorded_at timestamptz NOT NULL DEFAULT now(),
                payload jsonb NOT NULL DEFAULT '{}',
                PRIMARY KEY (org_id, seq, recorded_at)
            ) PARTITION BY RANGE (recorded_at);
            CREATE TABLE agentops.events_rest PARTITION OF agentops.events DEFAULT;
            CREATE INDEX events_by_writer ON agentops.events (org_id, writer, n);
            CREATE INDEX events_by_run ON agentops.events (org_id, run_id, clock) WHERE run_id IS NOT NULL;
            CREATE INDEX events_by_incident ON agentops.events (org_id, incident_id, clock) WHERE incident_id IS NOT NULL;
            CREATE INDEX events_by_trace ON agentops.events (org_id, trace_id, clock) WHERE trace_id IS NOT NULL;
            CREATE INDEX events_by_type ON agentops.events (org_id, event_type, recorded_at DESC);

            SELECT agentops.isolate('agentops.agents', 'agentops.sessions', 'agentops.runs', 'agentops.writer_positions',
                'agentops.org_seq', 'agentops.events');

            -- Makes the partitions of today and the next days. Called by whoever writes; it runs as the owner.
            CREATE FUNCTION agentops.ensure_partitions(days integer DEFAULT 7) RETURNS integer
                LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            DECLARE
                parent regclass;
                day date;
                name text;
                made integer := 0;
            BEGIN
                PERFORM pg_advisory_xact_lock(hashtext('agentops partitions'));
                FOR parent IN SELECT c.oid FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
                    WHERE c.relkind = 'p' AND s.nspname IN ('agentops', 'lab') LOOP
                    FOR day IN SELECT generate_series(current_date, current_date + least(days, 60), '1 day')::date LOOP
                        name := (SELECT format('%s_%s', c.relname, to_char(day, 'YYYYMMDD')) FROM pg_class c WHERE c.oid = parent);
                        CONTINUE WHEN EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                            WHERE i.inhparent = parent AND c.relname = name);
                        BEGIN
                            EXECUTE format('CREATE TABLE %I.%I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
                                (SELECT s.nspname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE c.oid = parent),
                                name, parent, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
                            made := made + 1;
                        EXCEPTION WHEN check_violation THEN NULL;  -- rows of that day already lie in the rest
                        END;
                    END LOOP;
                END LOOP;
                RETURN made;
            END $$;
            SELECT agentops.ensure_partitions();
            RESET ROLE;
            """#,
        down: #"""
            DROP FUNCTION agentops.ensure_partitions(integer);
            DROP TABLE agentops.events, agentops.org_seq, agentops.writer_positions, agentops.runs, agentops.sessions,
                agentops.agents;
            """#
    )
}
