import OpsPostgres

extension AgentOpsSchema {
    /// Organisations, people, keys; and the function on which all isolation rests.
    static let organisations = Migration(
        1,
        "organisations",
        up: #"""
            DO $$
            DECLARE name text;
            BEGIN
                FOREACH name IN ARRAY ARRAY['agentops_owner', 'target', 'action', 'observer', 'gate', 'agent', 'chaos',
                    'referee', 'operator'] LOOP
                    BEGIN
                        EXECUTE format('CREATE ROLE %I %s', name,
                            CASE name WHEN 'agentops_owner' THEN 'NOLOGIN' ELSE 'LOGIN' END);
                    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
                    END;
                END LOOP;
            END $$;
            ALTER SCHEMA agentops OWNER TO agentops_owner;
            CREATE SCHEMA IF NOT EXISTS lab AUTHORIZATION agentops_owner;
            SET LOCAL ROLE agentops_owner;

            CREATE TABLE agentops.organizations (
                id text PRIMARY KEY,
                name text NOT NULL,
                plan text NOT NULL DEFAULT 'local',
                billing jsonb NOT NULL DEFAULT '{}',
                created_by text,
                created_at timestamptz NOT NULL DEFAULT now()
            );
            INSERT INTO agentops.organizations (id, name) VALUES ('lab', 'The lab'), ('referee', 'The referee');

            CREATE TABLE agentops.role_orgs (
                role_name name NOT NULL,
                org_id text NOT NULL REFERENCES agentops.organizations (id),
                PRIMARY KEY (role_name, org_id)
            );
            INSERT INTO agentops.role_orgs (role_name, org_id) VALUES
                ('target', 'lab'), ('action', 'lab'), ('observer', 'lab'), ('gate', 'lab'), ('agent', 'lab'),
                ('operator', 'lab'), ('referee', 'lab'), ('operator', 'referee'), ('referee', 'referee'),
                ('chaos', 'referee');

            -- The organisation of the session, but only if its login role belongs to it. A setting alone opens nothing.
            CREATE FUNCTION agentops.current_org() RETURNS text
                LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
                AS $$
                    SELECT org_id FROM agentops.role_orgs
                    WHERE role_name = session_user AND org_id = current_setting('agentops.org', true)
                $$;

            CREATE FUNCTION agentops.isolate(VARIADIC names text[]) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE name text;
            BEGIN
                FOREACH name IN ARRAY names LOOP
                    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name::regclass);
                    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name::regclass);
                    EXECUTE format('CREATE POLICY org_isolation ON %s
                        USING (org_id = (SELECT agentops.current_org()))
                        WITH CHECK (org_id = (SELECT agentops.current_org()))', name::regclass);
                END LOOP;
            END $$;

            -- The agents' kill switch. Whoever acts holds the row FOR SHARE while it writes its intent; raising the epoch waits.
            CREATE TABLE agentops.epochs (
                org_id text PRIMARY KEY DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                epoch bigint NOT NULL DEFAULT 1 CHECK (epoch > 0),
                is_stopped boolean NOT NULL DEFAULT false,
                reason text,
                changed_by text,
                changed_at timestamptz NOT NULL DEFAULT now(),
                reader_lock boolean
            );
            INSERT INTO agentops.epochs (org_id) VALUES ('lab'), ('referee');

            CREATE TABLE agentops.users (
                id text PRIMARY KEY,
                email text UNIQUE,
                full_name text NOT NULL,
                password_hash text,
                totp_secret text,
                disabled_at timestamptz,
                created_at timestamptz NOT NULL DEFAULT now()
            );

            CREATE TABLE agentops.organization_members (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL DEFAULT gen_random_uuid()::text,
                user_id text NOT NULL REFERENCES agentops.users (id),
                role text NOT NULL CHECK (role IN ('owner', 'admin', 'approver', 'operator', 'viewer')),
                teams text[] NOT NULL DEFAULT '{}',
                created_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (org_id, id),
                UNIQUE (org_id, user_id)
            );

            CREATE TABLE agentops.api_keys (
                org_id text NOT NULL DEFAULT agentops.current_org() REFERENCES agentops.organizations (id),
                id text NOT NULL DEFAULT gen_random_uuid()::text,
                name text NOT NULL,
                prefix text NOT NULL,
                key_hash text NOT NULL,
                scope text[] NOT NULL DEFAULT '{}',
                principal text NOT NULL,
                root text NOT NULL,
                created_by text,
                created_at timestamptz NOT NULL DEFAULT now(),
                expires_at timestamptz,
                revoked_at timestamptz,
                last_used_at timestamptz,
                rotated_from text,
                PRIMARY KEY (org_id, id),
                UNIQUE (org_id, prefix),
                FOREIGN KEY (org_id, rotated_from) REFERENCES agentops.api_keys (org_id, id)
            );

            SELECT agentops.isolate('agentops.epochs', 'agentops.organization_members', 'agentops.api_keys');
            RESET ROLE;
            """#,
        down: #"""
            DROP TABLE agentops.api_keys, agentops.organization_members, agentops.users, agentops.epochs;
            DROP FUNCTION agentops.isolate(text[]);
            DROP FUNCTION agentops.current_org();
            DROP TABLE agentops.role_orgs, agentops.organizations;
            DROP SCHEMA lab;
            ALTER SCHEMA agentops OWNER TO CURRENT_USER;
            """#
    )
}
