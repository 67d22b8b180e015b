internal import OpsPostgres

/// Turns rows of the statistics views into values.
struct PostgresStatistics: Sendable {
    let owner: SessionOwner
    /// How long one statement may take.
    var limit = Duration.seconds(1)

    func activity(_ connection: PostgresConnection) async throws(PostgresError) -> PostgresActivity {
        let rows = try await connection.query(PostgresQueries.activity, within: limit)
        let totals = try await connection.query(PostgresQueries.connections, within: limit)
        var activity = PostgresActivity(
            sessions: rows.compactMap(session),
            used: totals.first?.optionalInt("used") ?? rows.count,
            limit: totals.first?.optionalInt("max") ?? 0
        )
        let roots = activity.rootBlockers.map { String($0.session.pid) }
        if !roots.isEmpty { activity.locked = try await locks(of: roots, connection) }
        return activity
    }

    func settings(_ connection: PostgresConnection) async throws(PostgresError) -> [String: String] {
        let rows = try await connection.query(PostgresQueries.settings, within: limit)
        return Dictionary(rows.compactMap { row in row["name"].map { ($0, row["setting"] ?? "") } }) { _, later in later
        }
    }

    func objects(
        _ connection: PostgresConnection
    ) async throws(PostgresError) -> (objects: [String: String], rows: [String: Int]) {
        let objects = try await connection.query(PostgresQueries.objects, within: limit)
        let rows = try await connection.query(PostgresQueries.rows, within: limit)
        return (
            Dictionary(objects.compactMap { row in row["name"].map { ($0, row["kind"] ?? "table") } }) { first, _ in
                first
            },
            Dictionary(rows.compactMap { row in row["name"].map { ($0, row.optionalInt("rows") ?? 0) } }) { first, _ in
                first
            }
        )
    }

    func queue(_ connection: PostgresConnection, table: String) async throws(PostgresError) -> QueueFact? {
        try await connection.query(PostgresQueries.queue(table: table), within: limit).first.map { row in
            QueueFact(
                depth: row.optionalInt("depth") ?? 0,
                oldestS: row.optionalDouble("oldest") ?? 0,
                mostTried: Self.job(row, "tried"),
                lastStarted: Self.job(row, "started")
            )
        }
    }

    private static func job(_ row: PostgresRow, _ prefix: String) -> QueueFact.Job? {
        row.optionalInt("\(prefix)_id").map {
            QueueFact.Job(
                id: $0,
                kind: row["\(prefix)_kind"] ?? "",
                attempts: row.optionalInt("\(prefix)_attempts") ?? 0,
                ageS: row.optionalDouble("\(prefix)_age") ?? 0
            )
        }
    }

    func statementsSchema(_ connection: PostgresConnection) async throws(PostgresError) -> String? {
        try await connection.query(PostgresQueries.statementsSchema, within: limit).first?["schema"]
    }

    func statements(
        _ connection: PostgresConnection,
        schema: String
    ) async throws(PostgresError) -> [StatementCounters] {
        try await connection.query(PostgresQueries.statements(schema: schema), within: limit).compactMap { row in
            guard let id = row["id"] else { return nil }
            return StatementCounters(
                id: id,
                text: row["query"] ?? "",
                calls: row.optionalDouble("calls") ?? 0,
                totalMs: row.optionalDouble("total_ms") ?? 0
            )
        }
    }

    private func session(_ row: PostgresRow) -> PostgresSession? {
        guard let pid = row.optionalInt("pid") else { return nil }
        let role = row["usename"] ?? ""
        let application = row["application_name"] ?? ""
        return PostgresSession(
            pid: pid,
            role: role,
            application: application,
            component: owner.component(role: role, application: application),
            state: row["state"] ?? "unknown",
            client: row["client"] ?? "local",
            xactAge: row.optionalDouble("xact_age"),
            stateAge: row.optionalDouble("state_age"),
            queryAge: row.optionalDouble("query_age"),
            startedAt: row["backend_start"],
            waitEvent: row["wait_event_type"],
            query: row["query"] ?? "",
            blockedBy: (row["blocked_by"] ?? "").split(separator: ",").compactMap { Int($0) }.filter { $0 > 0 },
            waitAge: row.optionalDouble("wait_age")
        )
    }

    private func locks(
        of pids: [String],
        _ connection: PostgresConnection
    ) async throws(PostgresError) -> [Int: [String]] {
        let list = PostgresValue.text(pids.joined(separator: ","))
        let rows = try await connection.query(PostgresQueries.locks, [list], within: limit)
        var locked: [Int: [String]] = [:]
        for row in rows {
            guard let pid = row.optionalInt("pid"), let relation = row["relation"], let mode = row["mode"] else {
                continue
            }
            locked[pid, default: []].append("\(relation) \(mode)")
        }
        return locked.mapValues { $0.sorted { LockStrength.of($0) > LockStrength.of($1) } }
    }
}
