import OpsModel
import OpsService

/// Where people make rules and try them out.
struct PolicyDesk: Sendable {
    var store: any GateStore
    /// What can be done, for what the catalogue knows of an action.
    var catalogue: @Sendable () async throws -> [ActionDescription]
    /// How long the rules take, in seconds.
    var durations: Histogram?
    var roles: @Sendable () throws -> ApproverRoles

    /// The newest versions; those that were taken away only when asked for.
    func list(_ status: PolicyStatus?) async throws -> [PolicyRecord] {
        try await store.rules().filter { policy in
            status.map { $0 == policy.status } ?? (policy.status != .retired)
        }
    }

    /// The newest version, or a certain one.
    func show(_ id: String, version: Int? = nil) async throws -> PolicyRecord {
        let all = try await versions(id)
        guard let found = version.map({ wanted in all.first { $0.version == wanted } }) ?? all.first else {
            throw GateRefusal(
                .policyUnknown,
                "\(id) has no version \(version ?? 0)",
                hint: "opslab policies show \(id)"
            )
        }
        return found
    }

    /// Every version, the newest first.
    func versions(_ id: String) async throws -> [PolicyRecord] {
        let all = try await store.versions(ofRule: id)
        guard !all.isEmpty else { throw PostgresGateStore.unknownRule(id) }
        return all
    }

    func add(_ document: JSONValue, by person: String) async throws -> PolicyRecord {
        let draft = try Self.reading { () throws(PolicyProblems) in try PolicyDraft.read(document) }
        try requireKnown(draft)
        return try await store.putRule(nil, expecting: nil, by: person) { _ in draft }
    }

    /// Makes a new version of what is there and the members that are to be changed.
    func change(
        _ id: String,
        _ document: JSONValue,
        expecting version: Int?,
        by person: String
    ) async throws
        -> PolicyRecord
    {
        let roles = try roles()
        return try await store.putRule(id, expecting: version, by: person) { present in
            guard let present else { return nil }
            let draft = try Self.changed(present, document)
            guard draft != present.draft else { return nil }
            if draft.rule != present.rule { try Self.require(roles, draft) }
            return draft
        }
    }

    /// Takes a rule away: its last version says so.
    func remove(_ id: String, expecting version: Int?, by person: String) async throws -> PolicyRecord {
        try await store.putRule(id, expecting: version, by: person) { present in
            guard let present, present.status != .retired else { return nil }
            return PolicyDraft(
                name: present.name,
                description: present.description,
                status: .retired,
                // What nobody can read any more is taken away all the same.
                rule: present.rule ?? PolicyRule(conditions: [.init("action.type", .exists, false)], action: .block)
            )
        }
    }

    private static func changed(_ present: PolicyRecord, _ document: JSONValue) throws -> PolicyDraft {
        try reading { () throws(PolicyProblems) in
            // A rule that nobody can read is replaced as a whole.
            guard let draft = present.draft else { return try PolicyDraft.read(document) }
            return try draft.changed(by: document)
        }
    }

    private func requireKnown(_ draft: PolicyDraft) throws { try Self.require(try roles(), draft) }

    private static func require(_ roles: ApproverRoles, _ draft: PolicyDraft) throws {
        try reading { () throws(PolicyProblems) in try roles.problems(of: draft.rule).throwAny() }
    }

    static func reading<Value>(_ read: () throws(PolicyProblems) -> Value) throws(GateRefusal) -> Value {
        do {
            return try read()
        } catch {
            throw GateRefusal(error)
        }
    }
}

extension PolicyRecord {
    /// What somebody wrote to make this version; nil when the rule cannot be read.
    var draft: PolicyDraft? {
        rule.map { PolicyDraft(name: name, description: description, status: status, rule: $0) }
    }
}
