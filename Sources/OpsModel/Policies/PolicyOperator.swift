/// How a condition compares a fact with its value.
public enum PolicyOperator: String, Codable, CaseIterable, Hashable, Sendable {
    case equals
    case notEquals = "not_equals"
    case `in`
    case notIn = "not_in"
    case greaterThan = "greater_than"
    case lessThan = "less_than"
    case atLeast = "at_least"
    case atMost = "at_most"
    case contains
    /// A pattern over the whole text: `*` is anything, `?` one character.
    case matches
    case exists

    /// The operator of which this is the opposite; nil when it is none.
    var opposite: PolicyOperator? {
        switch self {
        case .notEquals: .equals
        case .notIn: .in
        default: nil
        }
    }

    var isOrder: Bool { [.greaterThan, .lessThan, .atLeast, .atMost].contains(self) }
}
