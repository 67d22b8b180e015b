import AgentOps
import OpsModel
import OpsPostgres
import OpsTestKit
import Testing

/// Two organisations, every table, every role: nothing of the other one is seen or written.
@Suite struct IsolationTests {
    static let home = [
        "target": "lab", "action": "lab", "observer": "lab", "gate": "lab", "agent": "lab", "chaos": "referee",
    ]

    func tables(_ connection: PostgresConnection) async throws -> [String] {
        try await connection.query(
            """
            SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
            WHERE s.nspname IN ('agentops', 'lab') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND c.relname <> 'role_orgs' ORDER BY 1
            """
        ).map { try $0.string("name") }
    }

    /// One row of each kind in both organisations, written by the superuser.
    func fill(_ connection: PostgresConnection) async throws {
        for org in AgentOpsSchema.organisationNames {
            try await connection.execute(script: Self.rows.replacing("ORG", with: "'\(org)'"))
        }
    }

    static let rows = """
        INSERT INTO agentops.users (id, full_name) VALUES ('u', 'U') ON CONFLICT DO NOTHING;
        INSERT INTO agentops.organization_members (org_id, user_id, role) VALUES (ORG, 'u', 'viewer');
        INSERT INTO agentops.api_keys (org_id, name, prefix, key_hash, principal, root) VALUES (ORG, 'k', 'p', 'h', 'x', 'x');
        INSERT INTO agentops.agents (org_id, id, name, type) VALUES (ORG, 'a', 'A', 'agent');
        INSERT INTO agentops.sessions (org_id, agent_id) VALUES (ORG, 'a');
        INSERT INTO agentops.runs (org_id, id, agent_id) VALUES (ORG, 'r', 'a');
        INSERT INTO agentops.writer_positions (org_id, writer) VALUES (ORG, 'w');
        INSERT INTO agentops.events (org_id, seq, id, writer, n, stream, event_type, "timestamp", clock)
            VALUES (ORG, 1, 'w/1', 'w', 1, 'tool', 't', now(), 1);
        INSERT INTO agentops.audit_logs (org_id, seq, id, actor_type, actor_id, action_type, entity_type, entity_id,
            changes_digest, "timestamp", prev_hash, hash) VALUES (ORG, 1, 'l', 'person', 'x', 'x', 'x', 'x', 'x', now(), 'x', 'x');
        INSERT INTO agentops.policies (org_id, id, name, rule_definition) VALUES (ORG, 'p', 'P', '{}');
        INSERT INTO agentops.agent_pauses (org_id, agent, is_paused, reason, changed_by) VALUES (ORG, 'agent/a', true, 'r', 'x');
        INSERT INTO agentops.approval_requests (org_id, id, action_type, expires_at) VALUES (ORG, 'q', 'x', now());
        INSERT INTO agentops.budgets (org_id, max_amount_usd, period, period_start_date, period_end_date)
            VALUES (ORG, 1, 'daily', '2026-01-01', '2026-01-02');
        INSERT INTO agentops.projects (org_id, id, name) VALUES (ORG, 'j', 'J');
        INSERT INTO agentops.tasks (org_id, id, project_id, title) VALUES (ORG, 't', 'j', 'T');
        INSERT INTO agentops.artifacts (org_id, run_id, name, media_type, size, sha256, location)
            VALUES (ORG, 'r', 'n', 'm', 0, 's', 'l');
        INSERT INTO lab.incidents (org_id, id, state, title) VALUES (ORG, 'i', 'open', 'I');
        INSERT INTO lab.incident_events (org_id, incident_id, seq, type, message) VALUES (ORG, 'i', 1, 't', 'm');
        INSERT INTO lab.evidence (org_id, incident_id, id, answer) VALUES (ORG, 'i', 'e', '{}');
        INSERT INTO lab.outbox (org_id, id, incident_id, kind) VALUES (ORG, 'o', 'i', 'k');
        INSERT INTO lab.signals (org_id, source, name, state) VALUES (ORG, 's', 'n', 'firing');
        INSERT INTO lab.pages (org_id, id, journey, state, starts_at) VALUES (ORG, 'p', 'j', 'firing', now());
        INSERT INTO lab.actions (org_id, id, name, state) VALUES (ORG, 'a', 'n', 'done');
        INSERT INTO lab.faults (org_id, id, kind, class, state) VALUES (ORG, 'f', 'k', 'held', 'armed');
        INSERT INTO lab.scenario_runs (org_id, id, scenario, seed) VALUES (ORG, 'r', 's', 18446744073709551615);
        INSERT INTO lab.scenario_results (org_id, run_id, verdict, passed) VALUES (ORG, 'r', 'passed', true);
        INSERT INTO lab.samples (org_id, at, component, metric) VALUES (ORG, now(), 'c', 'm');
        INSERT INTO lab.log_lines (org_id, at, component, level, message) VALUES (ORG, now(), 'c', 'info', 'm');
        INSERT INTO lab.templates (org_id, id, component, level, template) VALUES (ORG, 't', 'c', 'info', 't');
        """

    @Test func everyTableIsIsolatedAndForced() async throws {
        let connection = try await AgentOpsDatabase().asSuperuser()
        let open = try await connection.query(
            """
            SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
            WHERE s.nspname IN ('agentops', 'lab') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                AND c.relname NOT IN ('organizations', 'users', 'role_orgs', 'schema_migrations')
            """
        )
        #expect(open.map { $0["name"] } == [])
        let loose = try await connection.query(
            """
            SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            JOIN pg_namespace s ON s.oid = c.relnamespace
            WHERE s.nspname IN ('agentops', 'lab') AND c.relrowsecurity AND NOT c.relispartition AND NOT EXISTS (
                SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = i.indkey[0] AND a.attname = 'org_id')
            """
        )
        #expect(loose.map { $0["name"] } == [])
    }

    @Test func noRoleSeesAnotherOrganisationOrAnythingWithoutOne() async throws {
        let database = try await AgentOpsDatabase()
        let superuser = try await database.asSuperuser()
        try await fill(superuser)
        let tables = try await tables(superuser)
        #expect(tables.count >= 29)
        for table in tables {
            #expect(
                try await superuser.query("SELECT DISTINCT org_id FROM \(table)").count == 2,
                "\(table) has no rows to hide"
            )
        }
        var seen = 0
        for role in AgentOpsSchema.roles {
            for organisation in [nil, "lab", "referee", "nobody"] {
                let isMember =
                    Self.home[role] == organisation
                    || Self.home[role] == nil && organisation.map { $0 != "nobody" } ?? false
                let connection = try await database.connect(role, organisation)
                for table in tables {
                    guard let rows = try? await connection.query("SELECT org_id FROM \(table)") else { continue }
                    let expected = isMember && organisation != nil ? [organisation] : []
                    #expect(
                        Set(rows.map { $0["org_id"] }) == Set(expected),
                        "\(role) as \(organisation ?? "-") in \(table)"
                    )
                    seen += rows.count
                }
                connection.close()
            }
        }
        #expect(seen > 50)
    }

    @Test func noRoleWritesIntoAnotherOrganisation() async throws {
        let database = try await AgentOpsDatabase()
        for (role, home) in Self.home {
            let foreign = home == "lab" ? "referee" : "lab"
            let connection = try await database.connect(role, home)
            let sql = "INSERT INTO agentops.agents (org_id, id, name, type) VALUES ($1, 'x', 'X', 'agent')"
            await #expect(throws: PostgresError.self, "\(role)") { try await connection.query(sql, [.text(foreign)]) }
            try await connection.query("SELECT set_config('agentops.org', $1, false)", [.text(foreign)])
            await #expect(throws: PostgresError.self, "\(role)") { try await connection.query(sql, [.text(foreign)]) }
            #expect(try await connection.query("SELECT 1 FROM agentops.agents").isEmpty)
            connection.close()
        }
    }

    /// Every service may write `agents`, so that whether an agent is paused stands elsewhere.
    @Test func onlyTheGatePausesAgents() async throws {
        let database = try await AgentOpsDatabase()
        try await fill(try await database.asSuperuser())
        for role in AgentOpsSchema.roles where role != "gate" {
            let connection = try await database.connect(role, Self.home[role] ?? "lab")
            await #expect(throws: PostgresError.self, "\(role)") {
                try await connection.query("UPDATE agentops.agent_pauses SET is_paused = false")
            }
            connection.close()
        }
        let gate = try await database.connect("gate", "lab")
        #expect(try await gate.query("UPDATE agentops.agent_pauses SET is_paused = false").affected == 1)
        await #expect(throws: PostgresError.self) { try await gate.query("DELETE FROM agentops.agent_pauses") }
    }

    @Test func theAgentSeesNoDecisions() async throws {
        let connection = try await AgentOpsDatabase().connect("agent", "lab")
        for table in [
            "agentops.approval_requests", "agentops.policies", "agentops.audit_logs", "agentops.events",
            "agentops.api_keys", "agentops.agent_pauses", "lab.faults", "lab.scenario_runs", "lab.incidents",
            "agentops.role_orgs",
        ] {
            await #expect(throws: PostgresError.self, "\(table)") {
                try await connection.query("SELECT * FROM \(table)")
            }
        }
    }

    @Test func theEpochRowLinearisesActionsAgainstTheSwitch() async throws {
        let database = try await AgentOpsDatabase()
        let action = try await database.connect("action", "lab")
        let gate = try await database.connect("gate", "lab")
        try await action.query("BEGIN")
        let row = try await action.query("SELECT epoch, is_stopped FROM agentops.epochs FOR SHARE").only()
        #expect(try row.int("epoch") == 1)
        try await gate.query("SET lock_timeout = '200ms'")
        await #expect {
            try await gate.query("UPDATE agentops.epochs SET epoch = epoch + 1, is_stopped = true")
        } throws: {
            ($0 as? PostgresError)?.sqlState == "55P03"
        }
        try await action.query("COMMIT")
        #expect(try await gate.query("UPDATE agentops.epochs SET epoch = epoch + 1, is_stopped = true").affected == 1)
        await #expect(throws: PostgresError.self) { try await action.query("UPDATE agentops.epochs SET epoch = 1") }
    }
}
