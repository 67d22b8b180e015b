/// Whether a policy counts.
public enum PolicyStatus: String, Codable, CaseIterable, Hashable, Sendable {
    /// It can be tried out, and decides nothing.
    case draft
    case active
    /// It was taken away.
    case retired
}

/// What somebody writes to make a policy: a rule with a name.
public struct PolicyDraft: Codable, Hashable, Sendable {
    /// What people call it; no two that count have one name.
    public var name: String
    /// Why there is such a rule; whoever is refused reads it.
    public var description: String
    /// Whether it counts.
    public var status: PolicyStatus
    /// The rule.
    public var rule: PolicyRule

    /// Bytes of a name.
    public static let longestName = 100
    /// Bytes of a description.
    public static let longestDescription = 1_000

    /// Puts the parts together as given.
    public init(name: String, description: String = "", status: PolicyStatus = .active, rule: PolicyRule) {
        self.name = name
        self.description = description
        self.status = status
        self.rule = rule
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case description
        case status
        case rule = "rule_definition"
    }
}

extension PolicyDraft {
    /// Reads what somebody sent, all problems at once.
    public static func read(_ document: JSONValue) throws(PolicyProblems) -> PolicyDraft {
        var reader = PolicyReader(document, at: "")
        reader.allow(["name", "description", "status", "rule_definition"])
        let name = reader.text("name", 1...longestName)
        let description = reader["description"] == nil ? "" : reader.text("description", 0...longestDescription)
        let status = reader.status()
        let rule = reader.rule()
        try reader.problems.throwAny()
        guard let rule else { throw reader.problems }
        return PolicyDraft(name: name, description: description, status: status, rule: rule)
    }

    /// The same with the members that somebody wants changed; null brings back the default.
    public func changed(by document: JSONValue) throws(PolicyProblems) -> PolicyDraft {
        var problems = PolicyProblems()
        guard let wanted = document.objectValue, !wanted.isEmpty else {
            problems.add("", "has to be an object of the members to change")
            throw problems
        }
        // Plain values of our own always encode.
        let members = (try? JSONValue(encoding: self))?.objectValue ?? [:]
        return try Self.read(.object(members.merging(wanted) { $1 }))
    }
}

extension PolicyReader {
    fileprivate mutating func text(_ name: String, _ limits: ClosedRange<Int>) -> String {
        guard let value = self[name] else {
            problem(name, "is missing: a text")
            return ""
        }
        guard let text = value.stringValue, limits.contains(text.utf8.count) else {
            problem(name, "has to be a text of \(limits.lowerBound) to \(limits.upperBound) bytes")
            return ""
        }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            problem(name, "must hold no control characters")
        }
        return text
    }

    fileprivate mutating func status() -> PolicyStatus {
        guard let value = self["status"] else { return .active }
        guard let status = value.stringValue.flatMap(PolicyStatus.init) else {
            problem("status", "has to be one of \(PolicyStatus.allCases.map(\.rawValue).joined(separator: ", "))")
            return .draft
        }
        return status
    }

    fileprivate mutating func rule() -> PolicyRule? {
        guard let value = self["rule_definition"] else {
            problem("rule_definition", "is missing: {type, conditions, action, …}")
            return nil
        }
        do {
            return try PolicyRule.read(value, at: "rule_definition")
        } catch {
            for problem in error.all { problems.add(problem.path, problem.message) }
            return nil
        }
    }
}
