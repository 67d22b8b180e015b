import OpsPostgres

extension AgentOpsSchema {
    /// The chain of who changed what, to which rows can only be added.
    static let audit = Migration(
        3,
        "audit",
        up: #"""
            SET LOCAL ROLE agentops_owner;

            -- changes is json, not jsonb: it keeps the text whose digest the chain holds. Erasing it leaves the chain whole.
            CREATE TABLE agentops.audit_logs (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                seq bigint NOT NULL,
                id text NOT NULL,
                actor_type text NOT NULL CHECK (actor_type IN ('person', 'agent', 'service', 'policy')),
                actor_id text NOT NULL,
                action_type text NOT NULL,
                entity_type text NOT NULL,
                entity_id text NOT NULL,
                changes json,
                changes_digest text NOT NULL,
                "timestamp" timestamptz NOT NULL,
                journal_writer text,
                journal_n bigint,
                journal_hash text,
                prev_hash text NOT NULL,
                hash text NOT NULL,
                PRIMARY KEY (org_id, seq),
                UNIQUE (org_id, id)
            );
            CREATE INDEX audit_logs_by_entity ON agentops.audit_logs (org_id, entity_type, entity_id, seq);
            CREATE INDEX audit_logs_by_journal ON agentops.audit_logs (org_id, journal_writer, journal_n)
                WHERE journal_n IS NOT NULL;

            CREATE TABLE agentops.audit_heads (
                org_id text PRIMARY KEY DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                seq bigint NOT NULL DEFAULT 0,
                hash text NOT NULL DEFAULT repeat('0', 64)
            );
            INSERT INTO agentops.audit_heads (org_id) SELECT id FROM agentops.organizations;

            CREATE FUNCTION agentops.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = '42501';
            END $$;
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON agentops.audit_logs
                FOR EACH STATEMENT EXECUTE FUNCTION agentops.refuse_change();

            SELECT agentops.isolate('agentops.audit_logs', 'agentops.audit_heads');
            RESET ROLE;
            """#,
        down: #"""
            DROP TABLE agentops.audit_heads, agentops.audit_logs;
            DROP FUNCTION agentops.refuse_change();
            """#
    )
}
