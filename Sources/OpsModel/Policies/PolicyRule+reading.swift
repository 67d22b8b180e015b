/// Reading what somebody wrote, all problems at once.
extension PolicyRule {
    /// Reads a rule; its problems name their places behind `path`.
    public static func read(_ document: JSONValue, at path: String = "") throws(PolicyProblems) -> PolicyRule {
        var reader = PolicyReader(document, at: path)
        reader.allow([
            "type", "conditions", "action", "approval_required_from", "timeout_minutes", "quorum", "four_eyes",
        ])
        if let type = reader["type"], type != .string(Self.type) {
            reader.problem("type", "has to be \"\(Self.type)\"")
        }
        let conditions = reader.conditions()
        let action = reader.action()
        let people = reader.people()
        let timeout = reader.timeout()
        let quorum = reader.quorum()
        let fourEyes = reader.fourEyes()
        if let action, action != .requireApproval {
            for member in ["approval_required_from", "timeout_minutes", "quorum", "four_eyes"]
            where reader[member] != nil {
                reader.problem(member, "goes with the action require_approval only")
            }
        }
        try reader.problems.throwAny()
        return PolicyRule(
            conditions: conditions,
            action: action ?? .block,
            approvalRequiredFrom: people,
            timeoutMinutes: timeout,
            quorum: quorum,
            fourEyes: fourEyes
        )
    }
}

/// One object of a policy while it is read.
struct PolicyReader {
    private let members: [String: JSONValue]
    private let path: String
    var problems = PolicyProblems()

    init(_ document: JSONValue, at path: String) {
        members = document.objectValue ?? [:]
        self.path = path
        if document.objectValue == nil { problems.add(path, "has to be an object") }
    }

    /// A member; nil for one that is missing or null.
    subscript(_ name: String) -> JSONValue? {
        guard let value = members[name], !value.isNull else { return nil }
        return value
    }

    mutating func allow(_ names: [String]) {
        for name in members.keys.sorted() where !names.contains(name) {
            problem(String(name.prefix(64)), "is no member here; there are \(names.joined(separator: ", "))")
        }
    }

    mutating func problem(_ place: String, _ words: String) {
        problems.add(path.isEmpty ? place : "\(path).\(place)", words)
    }

    mutating func action() -> PolicyAction? {
        let known = PolicyAction.allCases.map(\.rawValue).joined(separator: ", ")
        guard let value = self["action"] else {
            problem("action", "is missing: one of \(known)")
            return nil
        }
        let action = value.stringValue.flatMap(PolicyAction.init)
        if action == nil { problem("action", "has to be one of \(known)") }
        return action
    }

    mutating func timeout() -> Int? {
        guard let value = self["timeout_minutes"] else { return nil }
        guard let minutes = value.intValue, PolicyRule.timeouts.contains(minutes) else {
            let limits = PolicyRule.timeouts
            problem("timeout_minutes", "has to be a whole number from \(limits.lowerBound) to \(limits.upperBound)")
            return nil
        }
        return minutes
    }

    mutating func quorum() -> Int? {
        guard let value = self["quorum"] else { return nil }
        guard let people = value.intValue, PolicyRule.quorums.contains(people) else {
            let limits = PolicyRule.quorums
            problem("quorum", "has to be a whole number from \(limits.lowerBound) to \(limits.upperBound)")
            return nil
        }
        return people
    }

    mutating func fourEyes() -> Bool {
        guard let value = self["four_eyes"] else { return false }
        if value.boolValue == nil { problem("four_eyes", "has to be true or false") }
        return value.boolValue ?? false
    }

    mutating func people() -> [String] {
        guard let value = self["approval_required_from"] else { return [] }
        guard let names = value.arrayValue, (1...PolicyRule.mostValues).contains(names.count) else {
            problem("approval_required_from", "has to be a list of 1 to \(PolicyRule.mostValues) people or roles")
            return []
        }
        for (index, name) in names.enumerated() where ApproverName(name.stringValue ?? "") == nil {
            problem("approval_required_from.\(index)", "has to be person:NAME or role:NAME")
        }
        return names.compactMap(\.stringValue)
    }

    mutating func conditions() -> [PolicyCondition] {
        guard let value = self["conditions"] else {
            problem("conditions", "is missing: a list of {field, operator, value}")
            return []
        }
        guard let list = value.arrayValue, (1...PolicyRule.mostConditions).contains(list.count) else {
            problem("conditions", "has to be a list of 1 to \(PolicyRule.mostConditions) conditions")
            return []
        }
        return list.enumerated().compactMap { condition($1, "conditions.\($0)") }
    }

    private mutating func condition(_ document: JSONValue, _ place: String) -> PolicyCondition? {
        guard let members = document.objectValue else {
            problem(place, "has to be an object of field, operator and value")
            return nil
        }
        for name in members.keys.sorted() where !["field", "operator", "value"].contains(name) {
            problem("\(place).\(name.prefix(64))", "is no member here; there are field, operator, value")
        }
        let field = members["field"]?.stringValue.flatMap(PolicyField.init)
        if field == nil {
            let known = PolicyField.known.keys.sorted().joined(separator: ", ")
            problem("\(place).field", "has to be one of \(known), or action.PARAMETER")
        }
        let comparison = members["operator"]?.stringValue.flatMap(PolicyOperator.init)
        if comparison == nil {
            let known = PolicyOperator.allCases.map(\.rawValue).joined(separator: ", ")
            problem("\(place).operator", "has to be one of \(known)")
        }
        guard let field, let comparison else { return nil }
        guard field.kind.operators.contains(comparison) else {
            let known = field.kind.operators.map(\.rawValue).joined(separator: ", ")
            problem("\(place).operator", "cannot be asked of \(field.name); there are \(known)")
            return nil
        }
        let value = members["value"] ?? .null
        if let refusal = Self.refusal(of: value, field.kind, comparison) {
            problem("\(place).value", refusal)
            return nil
        }
        return PolicyCondition(field.name, comparison, value)
    }

    private static func refusal(
        of value: JSONValue,
        _ kind: PolicyField.Kind,
        _ comparison: PolicyOperator
    ) -> String? {
        switch comparison {
        case .exists: return value.boolValue == nil ? "has to be true or false" : nil
        case .contains, .matches: return PolicyField.Kind.text.refusal(of: value)
        case .in, .notIn: return refusal(ofList: value, kind)
        case _ where comparison.isOrder && kind == .parameter: return PolicyField.Kind.number.refusal(of: value)
        default: return kind.refusal(of: value)
        }
    }

    private static func refusal(ofList value: JSONValue, _ kind: PolicyField.Kind) -> String? {
        guard let values = value.arrayValue, (1...PolicyRule.mostValues).contains(values.count) else {
            return "has to be a list of 1 to \(PolicyRule.mostValues) values"
        }
        if let refusal = values.lazy.compactMap({ kind.refusal(of: $0) }).first { return "each value \(refusal)" }
        let sorts = Set(values.map { $0.stringValue != nil ? "text" : $0.boolValue != nil ? "flag" : "number" })
        return sorts.count > 1 ? "has to be a list of values of one kind" : nil
    }
}
