import OpsPostgres

extension AgentOpsSchema {
    /// What is sampled several times a second, in partitions of a day.
    static let telemetry = Migration(
        7,
        "telemetry",
        up: #"""
            SET LOCAL ROLE agentops_owner;

            CREATE TABLE lab.samples (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                at timestamptz NOT NULL,
                component text NOT NULL,
                instance text NOT NULL DEFAULT '',
                metric text NOT NULL,
                value double precision,
                unit text NOT NULL DEFAULT '',
                vantage text NOT NULL DEFAULT 'observer',
                labels jsonb NOT NULL DEFAULT '{}',
                starved boolean NOT NULL DEFAULT false
            ) PARTITION BY RANGE (at);
            CREATE TABLE lab.samples_rest PARTITION OF lab.samples DEFAULT;
            CREATE INDEX samples_by_metric ON lab.samples (org_id, component, metric, at DESC);

            CREATE TABLE lab.log_lines (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                at timestamptz NOT NULL,
                component text NOT NULL,
                instance text NOT NULL DEFAULT '',
                level text NOT NULL,
                template_id text,
                code text,
                trace_id text,
                message text NOT NULL,
                fields jsonb NOT NULL DEFAULT '{}'
            ) PARTITION BY RANGE (at);
            CREATE TABLE lab.log_lines_rest PARTITION OF lab.log_lines DEFAULT;
            CREATE INDEX log_lines_by_component ON lab.log_lines (org_id, component, at DESC);
            CREATE INDEX log_lines_by_template ON lab.log_lines (org_id, template_id, at DESC);

            CREATE TABLE lab.templates (
                org_id text NOT NULL DEFAULT agentops.current_org(),
                id text NOT NULL,
                component text NOT NULL,
                level text NOT NULL,
                template text NOT NULL,
                first_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
                last_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
                count bigint NOT NULL DEFAULT 1,
                PRIMARY KEY (org_id, id)
            );

            SELECT agentops.isolate('lab.samples', 'lab.log_lines', 'lab.templates');
            SELECT agentops.ensure_partitions();
            RESET ROLE;
            """#,
        down: "DROP TABLE lab.templates, lab.log_lines, lab.samples;"
    )
}
