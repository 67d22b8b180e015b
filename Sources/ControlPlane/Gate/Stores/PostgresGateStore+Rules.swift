import AgentOps
import OpsModel
import OpsPostgres

/// The rules: each version is a row of its own that never changes.
extension PostgresGateStore {
    /// How many rules may be there at once, retired ones left out.
    static let mostRules = 100

    func rules() async throws -> [PolicyRecord] {
        try await organisation.transaction { try await $0.query(GateSQL.rules).map(Self.rule) }
    }

    func versions(ofRule id: String) async throws -> [PolicyRecord] {
        try await organisation.transaction { try await $0.query(GateSQL.ruleVersions, [.text(id)]).map(Self.rule) }
    }

    /// The rules that count, which nobody changes before the caller's transaction is over.
    static func lockedRules(_ connection: PostgresConnection) async throws -> PolicySet {
        _ = try await connection.query(GateSQL.shareRules)
        return PolicySet(try await connection.query(GateSQL.activeRules).map(rule))
    }

    @discardableResult
    func putRule(
        _ id: String?,
        expecting expected: Int?,
        by person: String,
        _ edit: @Sendable (PolicyRecord?) throws -> PolicyDraft?
    ) async throws -> PolicyRecord {
        let (record, change) = try await organisation.transaction { connection in
            _ = try await connection.query(GateSQL.lockRules)
            let all = try await connection.query(GateSQL.rules).map(Self.rule)
            let present = try id.map { try Self.present($0, expected, all) }
            guard let draft = try edit(present) else {
                guard let present else { throw Self.unknownRule(id ?? "") }
                return (present, nil as AuditEntry?)
            }
            try Self.requirePlace(for: draft, of: present, among: all)
            let written = try await Self.write(draft, after: present, by: person, connection)
            let entry = try Self.entry(written, after: present, by: person)
            try await AuditTrail.append(entry, on: connection)
            return (written, entry)
        }
        if let change { recorder.record(Event(.approval, change.action, payload: change.changes)) }
        return record
    }

    private static func present(_ id: String, _ expected: Int?, _ all: [PolicyRecord]) throws -> PolicyRecord {
        guard let present = all.first(where: { $0.id == id }) else { throw unknownRule(id) }
        guard let expected, expected != present.version else { return present }
        throw GateRefusal(
            .policyChanged,
            "\(id) is at version \(present.version) by now, not \(expected)",
            hint: "look at it again: opslab policies show \(id)"
        )
    }

    static func unknownRule(_ id: String) -> GateRefusal {
        GateRefusal(.policyUnknown, "there is no policy \(id)", hint: "opslab policies list")
    }

    private static func requirePlace(
        for draft: PolicyDraft,
        of present: PolicyRecord?,
        among all: [PolicyRecord]
    ) throws {
        guard draft.status != .retired else { return }
        let others = all.filter { $0.status != .retired && $0.id != present?.id }
        guard others.count < mostRules else {
            throw GateRefusal(
                .limitExceeded,
                "there are \(mostRules) policies, and no more may be",
                hint: "opslab policies remove one that nobody needs"
            )
        }
        guard let other = others.first(where: { $0.name == draft.name }) else { return }
        throw GateRefusal(.policyNameTaken, "\(other.id) has this name already", hint: "choose another name")
    }

    private static func write(
        _ draft: PolicyDraft,
        after present: PolicyRecord?,
        by person: String,
        _ connection: PostgresConnection
    ) async throws -> PolicyRecord {
        let rows = try await connection.query(
            GateSQL.insertRule,
            [
                .text(present?.id ?? Identifier.random(prefix: "pol", length: 8)), .int((present?.version ?? 0) + 1),
                .text(draft.name), .text(draft.description), .text(draft.status.rawValue),
                .json(try OpsJSON.encode(draft.rule)), .text(person),
            ]
        )
        return try rule(try rows.only())
    }

    private static func entry(
        _ written: PolicyRecord,
        after present: PolicyRecord?,
        by person: String
    ) throws -> AuditEntry {
        let action =
            switch (present, written.status) {
            case (nil, _): "policy.created"
            case (_, .retired): "policy.removed"
            default: "policy.changed"
            }
        return AuditEntry(
            actor: .person(person),
            action: action,
            entity: ("policy", written.id),
            changes: try JSONValue(encoding: written)
        )
    }

    private static func rule(_ row: PostgresRow) throws -> PolicyRecord {
        PolicyRecord(
            id: try row.string("id"),
            version: try row.int("version"),
            name: try row.string("name"),
            description: try row.string("description"),
            status: PolicyStatus(rawValue: try row.string("status")) ?? .active,
            ruleDefinition: try row.json("rule_definition"),
            createdBy: row["created_by"],
            createdAt: try row.timestamp("created_at")
        )
    }
}
