/// Something that a condition may ask about: one of a closed list, or a parameter of the action.
public struct PolicyField: Hashable, Sendable {
    /// What the values of a field are.
    public enum Kind: Hashable, Sendable {
        case text
        /// Several texts: a comparison holds when it does for any of them.
        case texts
        case number
        case flag
        /// `low`, `medium` or `high`, in this order.
        case rank
        case word([String])
        /// Whatever the action takes under this name.
        case parameter
    }

    /// Its name, as in a condition.
    public let name: String
    /// What its values are.
    public let kind: Kind

    /// The field of a name; nil when there is none.
    public init?(_ name: String) {
        self.name = name
        if let kind = Self.known[name] {
            self.kind = kind
        } else if Self.isParameter(name) {
            kind = .parameter
        } else {
            return nil
        }
    }

    /// The words of a rank, from the least on.
    public static let ranks = ["low", "medium", "high"]
    /// The days as `time.weekday` names them, from Monday on.
    public static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Every field that is no parameter.
    public static let known: [String: Kind] = [
        "agent.name": .text,
        "action.type": .text, "action.component": .text, "action.instance": .texts, "action.risk": .rank,
        "action.reversible": .flag, "action.downtime_s": .number,
        "incident.severity": .texts, "incident.journey": .texts, "incident.component": .texts,
        "incident.actions_left": .number,
        "diagnosis.confidence": .rank, "diagnosis.component": .text, "diagnosis.mechanism": .text,
        "evidence.count": .number,
        "time.hour": .number, "time.weekday": .word(weekdays),
    ]

    private static func isParameter(_ name: String) -> Bool {
        guard name.hasPrefix("action.") else { return false }
        let rest = name.utf8.dropFirst("action.".utf8.count)
        return (1...64).contains(rest.count) && rest.allSatisfy { isPlain($0) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension PolicyField.Kind {
    /// The operators that can be asked of such a field.
    public var operators: [PolicyOperator] {
        switch self {
        case .text, .texts: [.equals, .notEquals, .in, .notIn, .contains, .matches, .exists]
        case .number, .rank:
            [.equals, .notEquals, .in, .notIn, .greaterThan, .lessThan, .atLeast, .atMost, .exists]
        case .flag: [.equals, .notEquals, .exists]
        case .word: [.equals, .notEquals, .in, .notIn, .exists]
        case .parameter: PolicyOperator.allCases
        }
    }

    /// Whether one such value may stand in a condition, and what is wanted in its place.
    func refusal(of value: JSONValue) -> String? {
        switch self {
        case .text, .texts: Self.isText(value) ? nil : "has to be a text of 1 to \(PolicyRule.longestText) bytes"
        case .number: value.doubleValue == nil ? "has to be a number" : nil
        case .flag: value.boolValue == nil ? "has to be true or false" : nil
        case .rank: refusal(of: value, words: PolicyField.ranks)
        case .word(let words): refusal(of: value, words: words)
        case .parameter:
            Self.isText(value) || value.doubleValue != nil || value.boolValue != nil
                ? nil : "has to be a text, a number, true or false"
        }
    }

    private func refusal(of value: JSONValue, words: [String]) -> String? {
        words.contains(value.stringValue ?? "") ? nil : "has to be one of \(words.joined(separator: ", "))"
    }

    static func isText(_ value: JSONValue) -> Bool {
        value.stringValue.map { (1...PolicyRule.longestText).contains($0.utf8.count) } ?? false
    }
}
