extension Condition {
    /// Compares the two sides by what the resolver says; pure.
    public func evaluate(with resolver: some ConditionResolver) -> Truth {
        let value = resolver.value(of: left)
        guard let relation, let right else { return Self.truth(of: value) }
        switch right {
        case .number(let text, let quantity):
            return Self.compare(value, relation, .number(quantity.value, quantity.unit), text: text)
        case .word(let word): return Self.compare(value, relation, Self.literal(word), text: word)
        case .reference(let other): return Self.compare(value, relation, resolver.value(of: other), text: nil)
        }
    }

    private static func literal(_ word: String) -> ConditionValue {
        switch word {
        case "true": .flag(true)
        case "false": .flag(false)
        default: .word(word)
        }
    }

    /// A reference alone holds when it is true, a number other than zero, or a word other than none.
    private static func truth(of value: ConditionValue) -> Truth {
        switch value {
        case .unknown: .unknown
        case .flag(let flag): flag ? .yes : .no
        case .number(let number, _): number != 0 ? .yes : .no
        case .word(let word): ["", "no", "none", "false"].contains(word) ? .no : .yes
        case .list(let words): words.isEmpty ? .no : .yes
        }
    }

    private static func compare(
        _ left: ConditionValue,
        _ relation: Relation,
        _ right: ConditionValue,
        text: String?
    ) -> Truth {
        switch (left, right) {
        case (.unknown, _), (_, .unknown): return .unknown
        case (.number(let a, _), .number(let b, _)): return relation.holds(a, b) ? .yes : .no
        case (.list(let words), _):
            guard let wanted = text ?? name(right) else { return .unknown }
            return relation.holds(isEqual: words.contains(wanted))
        default:
            guard let a = name(left), let b = text ?? name(right) else { return .unknown }
            return relation.holds(isEqual: a == b)
        }
    }

    private static func name(_ value: ConditionValue) -> String? {
        switch value {
        case .word(let word): word
        case .flag(let flag): flag ? "true" : "false"
        case .number(let number, _): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
        case .list, .unknown: nil
        }
    }
}

extension Condition.Relation {
    func holds(_ a: Double, _ b: Double) -> Bool {
        switch self {
        case .atLeast: a >= b
        case .atMost: a <= b
        case .above: a > b
        case .below: a < b
        case .equal: a == b
        case .unequal: a != b
        }
    }

    /// Words have no order, so only equality can be decided.
    func holds(isEqual: Bool) -> Truth {
        switch self {
        case .equal: isEqual ? .yes : .no
        case .unequal: isEqual ? .no : .yes
        default: .unknown
        }
    }
}
