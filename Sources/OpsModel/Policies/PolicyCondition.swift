/// One thing that has to be so for a rule to apply.
public struct PolicyCondition: Hashable, Sendable {
    /// What it asks about; see ``PolicyField``.
    public var field: String
    /// How the fact is compared.
    public var comparison: PolicyOperator
    /// What it is compared with.
    public var value: JSONValue

    /// Puts the parts together as given.
    public init(_ field: String, _ comparison: PolicyOperator, _ value: JSONValue) {
        self.field = field
        self.comparison = comparison
        self.value = value
    }
}

extension PolicyCondition: Codable {
    private enum CodingKeys: String, CodingKey {
        case field
        case comparison = "operator"
        case value
    }
}

/// What a condition comes to.
public enum ConditionVerdict: String, Codable, Hashable, Sendable {
    case met
    case unmet
    /// The fact is not known, or is of another kind than the value: whatever is stricter holds.
    case undecidable

    var flipped: ConditionVerdict {
        switch self {
        case .met: .unmet
        case .unmet: .met
        case .undecidable: .undecidable
        }
    }
}

extension PolicyCondition {
    /// Compares the fact with the value.
    ///
    /// An action without a parameter of that name definitely has none, which equals nothing. Any other fact that is missing
    /// could be anything.
    public func verdict(on facts: PolicyFacts) -> ConditionVerdict {
        guard let field = PolicyField(field) else { return .undecidable }
        let fact = facts[field.name]
        if comparison == .exists {
            let isThere = fact != nil && fact != [] && fact?.isNull == false
            return isThere == value.boolValue ? .met : .unmet
        }
        if let plain = comparison.opposite {
            return PolicyCondition(field.name, plain, value).verdict(on: facts).flipped
        }
        guard let fact, !fact.isNull else { return field.kind == .parameter ? .unmet : .undecidable }
        return compare(fact, field.kind)
    }

    /// A list holds when any of its elements does.
    private func compare(_ fact: JSONValue, _ kind: PolicyField.Kind) -> ConditionVerdict {
        guard case .array(let elements) = fact else { return compareOne(fact, kind) }
        let verdicts = elements.map { compareOne($0, kind) }
        if verdicts.contains(.met) { return .met }
        return verdicts.contains(.undecidable) ? .undecidable : .unmet
    }

    private func compareOne(_ fact: JSONValue, _ kind: PolicyField.Kind) -> ConditionVerdict {
        switch comparison {
        case .equals: same(fact, value)
        case .in: isAmong(fact, value.arrayValue ?? [])
        case .greaterThan: ordered(fact, kind) { $0 > $1 }
        case .lessThan: ordered(fact, kind) { $0 < $1 }
        case .atLeast: ordered(fact, kind) { $0 >= $1 }
        case .atMost: ordered(fact, kind) { $0 <= $1 }
        case .contains: within(fact) { $0.contains($1) }
        case .matches: within(fact) { WildcardPattern($1).matches($0) }
        case .notEquals, .notIn, .exists: .undecidable  // answered before
        }
    }

    private func same(_ left: JSONValue, _ right: JSONValue) -> ConditionVerdict {
        switch (left, right) {
        case (.string(let left), .string(let right)): left == right ? .met : .unmet
        case (.bool(let left), .bool(let right)): left == right ? .met : .unmet
        case (.int(let left), .int(let right)): left == right ? .met : .unmet
        default:
            if let left = left.doubleValue, let right = right.doubleValue {
                left == right ? .met : .unmet
            } else {
                .undecidable
            }
        }
    }

    private func isAmong(_ fact: JSONValue, _ values: [JSONValue]) -> ConditionVerdict {
        let verdicts = values.map { same(fact, $0) }
        if verdicts.contains(.met) { return .met }
        return verdicts.contains(.undecidable) ? .undecidable : .unmet
    }

    private func ordered(
        _ fact: JSONValue,
        _ kind: PolicyField.Kind,
        _ holds: (Double, Double) -> Bool
    ) -> ConditionVerdict {
        guard let left = place(fact, kind), let right = place(value, kind) else { return .undecidable }
        return holds(left, right) ? .met : .unmet
    }

    private func place(_ value: JSONValue, _ kind: PolicyField.Kind) -> Double? {
        guard kind == .rank else { return value.doubleValue }
        return PolicyField.ranks.firstIndex(of: value.stringValue ?? "").map(Double.init)
    }

    private func within(_ fact: JSONValue, _ holds: (String, String) -> Bool) -> ConditionVerdict {
        guard let text = fact.stringValue, let part = value.stringValue else { return .undecidable }
        return holds(text, part) ? .met : .unmet
    }
}
