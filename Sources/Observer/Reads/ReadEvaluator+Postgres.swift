internal import OpsModel

extension ReadEvaluator {
    func postgres(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        guard map.database != nil else { return unsupported(query, "the topology has no postgres component") }
        switch name {
        case .pgStatementVsBaseline: return statements(query)
        case .pgSettingDrift: return settings(query)
        case .pgSchemaVersion: return schema(query)
        case .pgMissingObjects: return missing(query)
        case .pgRows: return tables(query)
        default: return activity(name, query)
        }
    }

    private func activity(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        let failure = world.postgres.failure?.value
        guard let sample = world.postgres.activity else {
            return unknown(query, failure ?? "the database was not asked yet")
        }
        guard isFresh(sample.at) else {
            return unknown(query, failure ?? "the database was not asked lately", at: sample.at)
        }
        switch name {
        case .pgConnectionsRatio: return connections(query, sample)
        case .pgSessions: return sessions(query, sample)
        case .pgTopOwner: return topOwner(query, sample)
        case .pgRootBlocker: return rootBlocker(query, sample)
        default: return blockers(query, sample)
        }
    }

    private func connections(_ query: ReadQuery, _ sample: Sampled<PostgresActivity>) -> ReadAnswer {
        let activity = sample.value
        return ok(
            query,
            json(activity.limit > 0 ? Double(activity.used) / Double(activity.limit) : 0),
            unit: "ratio",
            at: sample.at,
            isStarved: sample.isStarved,
            fields: ["used": .int(activity.used), "max": .int(activity.limit)],
            rows: owners(activity).map(ownerRow)
        )
    }

    private func sessions(_ query: ReadQuery, _ sample: Sampled<PostgresActivity>) -> ReadAnswer {
        let wanted = sample.value.sessions.filter { matches($0, query) }
        var groups: [String: (session: PostgresSession, count: Int)] = [:]
        for session in wanted {
            let key = "\(session.owner)|\(session.state)"
            groups[key] = (session, (groups[key]?.count ?? 0) + 1)
        }
        let rows = groups.values.sorted { $0.count > $1.count }.map { group -> JSONValue in
            [
                "owner": .string(group.session.owner), "component": json(group.session.component),
                "role": .string(group.session.role), "state": .string(group.session.state), "count": .int(group.count),
            ]
        }
        return ok(
            query,
            .int(wanted.count),
            unit: "count",
            at: sample.at,
            isStarved: sample.isStarved,
            fields: ["longest_xact_s": json(wanted.compactMap(\.xactAge).max())],
            rows: rows
        )
    }

    /// Selector words: relation words and component names choose owners, roles too; every other word is a state.
    private func matches(_ session: PostgresSession, _ query: ReadQuery) -> Bool {
        let database = map.databaseComponent?.name ?? ""
        return query.selector.allSatisfy { word in
            switch word {
            case "callers", "caller": return map.callers(of: database).contains { $0.name == session.component }
            case "dependencies": return false
            default:
                if map.component(word) != nil { return session.component == word }
                if map.owner(ofInstance: word) != nil {
                    return SessionOwner(map).instance(application: session.application) == word
                }
                return session.state == word || session.role == word
            }
        }
    }

    private func topOwner(_ query: ReadQuery, _ sample: Sampled<PostgresActivity>) -> ReadAnswer {
        let owners = owners(sample.value)
        guard let top = owners.first else { return unknown(query, "nobody is connected", at: sample.at) }
        return ok(
            query,
            .string(top.name),
            at: sample.at,
            isStarved: sample.isStarved,
            fields: ownerRow(top).objectValue ?? [:],
            rows: owners.map(ownerRow)
        )
    }

    /// The sessions of one owner.
    private struct Owner {
        var name: String
        var component: MappedComponent?
        var sessions: [PostgresSession]
        var share: Double
        /// The database role that most of them run under.
        var role: String? {
            Dictionary(grouping: sessions, by: \.role).max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
        }
    }

    private func owners(_ activity: PostgresActivity) -> [Owner] {
        Dictionary(grouping: activity.sessions, by: \.owner).map { name, sessions in
            let component = sessions.first?.component.flatMap { map.component($0) }
            let share = Double(sessions.count) / Double(max(1, activity.sessions.count))
            return Owner(name: name, component: component, sessions: sessions, share: share)
        }.sorted { ($0.sessions.count, $1.name) > ($1.sessions.count, $0.name) }
    }

    private func ownerRow(_ owner: Owner) -> JSONValue {
        let states = Dictionary(grouping: owner.sessions, by: \.state).mapValues(\.count)
        return [
            "owner": .string(owner.name), "component": json(owner.component?.name), "role": json(owner.role),
            "sessions": .int(owner.sessions.count), "share": json(owner.share),
            "active": .int(states["active"] ?? 0), "idle": .int(states["idle"] ?? 0),
            "idle_in_transaction": .int(states["idle in transaction"] ?? 0),
            "pausable": .bool(owner.component?.isPausable ?? false), "kind": json(owner.component?.kind),
        ]
    }

    private func blockers(_ query: ReadQuery, _ sample: Sampled<PostgresActivity>) -> ReadAnswer {
        let roots = sample.value.rootBlockers
        let waiting = Set(roots.flatMap { $0.waiting.map(\.pid) }).count
        return ok(
            query,
            .int(roots.count),
            unit: "count",
            at: sample.at,
            isStarved: sample.isStarved,
            fields: ["waiting": .int(waiting), "longest_wait": json(roots.map(\.longestWait).max() ?? 0)],
            rows: roots.map { .object(blockerFields($0, sample.value)) }
        )
    }

    private func rootBlocker(_ query: ReadQuery, _ sample: Sampled<PostgresActivity>) -> ReadAnswer {
        let roots = sample.value.rootBlockers
        guard let root = roots.first else {
            return ok(query, .null, at: sample.at, isStarved: sample.isStarved, fields: ["waiting": 0])
        }
        return ok(
            query,
            .int(root.session.pid),
            at: sample.at,
            isStarved: sample.isStarved,
            fields: blockerFields(root, sample.value),
            rows: root.waiting.map { waiter in
                [
                    "pid": .int(waiter.pid), "owner": .string(waiter.owner), "wait_age": json(waiter.waitAge),
                    "query": .string(waiter.query),
                ]
            }
        )
    }

    private func blockerFields(
        _ root: PostgresActivity.RootBlocker,
        _ activity: PostgresActivity
    ) -> [String: JSONValue] {
        let session = root.session
        let component = session.component.flatMap { map.component($0) }
        let relations = activity.locked[session.pid] ?? []
        return [
            "pid": .int(session.pid), "owner": .string(session.owner), "component": json(session.component),
            "role": .string(session.role), "application": .string(session.application), "state": .string(session.state),
            "kind": .string(SessionKind.of(session).rawValue), "client": .string(session.client),
            "xact_age": json(session.xactAge), "state_age": json(session.stateAge),
            "backend_start": json(session.startedAt), "query": .string(session.query),
            "waiting": .int(root.waiting.count), "longest_wait": json(root.longestWait),
            "relation": json(relations.first?.split(separator: " ").first.map(String.init)),
            "locks": .array(relations.prefix(10).map { .string($0) }),
            "pausable": .bool(component?.isPausable ?? false),
        ]
    }

    private func statements(_ query: ReadQuery) -> ReadAnswer {
        let book = world.postgres.statements
        guard let at = book.sampledAt else { return callsToDatabase(query, book.failure) }
        guard isFresh(at) else { return unknown(query, book.failure ?? "the database was not asked lately", at: at) }
        let found = book.comparisons(seconds: 6)
        guard let worst = found.first else { return unknown(query, "no statement with a baseline ran lately", at: at) }
        return ok(
            query,
            json(worst.ratio),
            unit: "ratio",
            at: at,
            fields: statementFields(worst),
            rows: found.map { .object(statementFields($0)) }
        )
    }

    private func callsToDatabase(_ query: ReadQuery, _ failure: String?) -> ReadAnswer {
        let database = map.databaseComponent?.name
        let now = call(
            .callLatency,
            ReadQuery(read: ReadName.callLatency.rawValue, component: database, selector: ["callers"])
        )
        let reason = failure ?? "statements are not recorded by the server"
        guard now.status == .ok else { return unknown(query, reason) }
        return unsupported(query, "\(reason); read call.latency{callers} instead")
    }

    private func statementFields(_ statement: StatementBook.Comparison) -> [String: JSONValue] {
        [
            "ratio": json(statement.ratio), "mean_ms": json(statement.meanMs),
            "baseline_ms": json(statement.baselineMs),
            "calls": .int(statement.calls), "statement": .string(statement.text), "id": .string(statement.id),
        ]
    }

    private func settings(_ query: ReadQuery) -> ReadAnswer {
        let book = world.postgres.settings
        guard let at = book.sampledAt else { return unknown(query, "the settings were not read yet") }
        let drifts = book.drifts
        let rows = drifts.map { drift -> JSONValue in
            [
                "name": .string(drift.name), "baseline": json(drift.baseline), "live": json(drift.live),
                "role": json(drift.role),
            ]
        }
        let names = JSONValue.array(drifts.map { .string($0.name) })
        return ok(query, .int(drifts.count), unit: "count", at: at, fields: ["names": names], rows: rows)
    }

    private func schema(_ query: ReadQuery) -> ReadAnswer {
        let found = pages(ReadScope(ReadQuery(read: query.read), map: map)).filter {
            $0.value(MetricName.schemaVersion) != nil
        }
        guard let page = found.first, let version = page.value(MetricName.schemaVersion) else {
            return silent(query, found, MetricName.schemaVersion)
        }
        let head = page.value(MetricName.schemaHead) ?? version
        return ok(
            query,
            count(version),
            at: newest(found),
            fields: ["version": count(version), "head": count(head), "behind": count(head - version)],
            rows: found.map {
                [
                    "instance": .string($0.instance.name),
                    "value": $0.value(MetricName.schemaVersion).map(count) ?? .null,
                ]
            }
        )
    }

    private func missing(_ query: ReadQuery) -> ReadAnswer {
        guard let at = world.postgres.objects.sampledAt else { return unknown(query, "the objects were not read yet") }
        let missing = world.postgres.objects.missing
        let rows = missing.map { ["name": JSONValue.string($0.name), "kind": .string($0.kind)] as JSONValue }
        let table = missing.first { $0.kind == "table" }.map { JSONValue.string($0.name) }
        var fields = Dictionary(grouping: missing, by: \.kind).mapValues { JSONValue.int($0.count) }
        fields = [
            "tables": fields["table"] ?? 0, "indexes": fields["index"] ?? 0, "columns": fields["column"] ?? 0,
        ]
        fields["table"] = table
        return ok(query, .int(missing.count), unit: "count", at: at, fields: fields, rows: rows)
    }

    /// Tables that have less than a tenth of the rows they once had, and the one that has the least of them.
    private func emptied(_ counted: [ObjectBook.Rows]) -> [String: JSONValue] {
        let lost = counted.filter { $0.rows * 10 < $0.baseline ?? 0 }
        let first =
            lost.min { $0.rows * ($1.baseline ?? 0) < $1.rows * ($0.baseline ?? 0) }.map {
                ["table": JSONValue.string($0.table)]
            } ?? [:]
        return first.merging(["emptied": .int(lost.count)]) { first, _ in first }
    }

    private func tables(_ query: ReadQuery) -> ReadAnswer {
        guard let at = world.postgres.objects.sampledAt else { return unknown(query, "the tables were not read yet") }
        let named = query.selector + [query.parameters["table"]?.stringValue].compactMap { $0 }
        let wanted = named.isEmpty ? map.tables : named
        let counted = world.postgres.objects.counted.filter { wanted.contains($0.table) }
        guard !counted.isEmpty else { return unsupported(query, "none of these tables is declared and exists") }
        return ok(
            query,
            .int(counted.reduce(0) { $0 + $1.rows }),
            unit: "count",
            at: at,
            fields: emptied(counted),
            rows: counted.map {
                ["table": .string($0.table), "value": .int($0.rows), "baseline": $0.baseline.map { .int($0) } ?? .null]
            }
        )
    }
}
