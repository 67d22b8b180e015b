/// What a reference turned out to be.
public enum ConditionValue: Hashable, Sendable {
    /// Nobody can say, and why.
    case unknown(String)
    /// A number in its base unit.
    case number(Double, Quantity.Unit)
    /// A word.
    case word(String)
    /// Yes or no.
    case flag(Bool)
    /// Several words; equal to each of them.
    case list([String])
}

/// Answers references; knows nothing of what is compared.
public protocol ConditionResolver {
    /// What the reference is now.
    func value(of reference: Reference) -> ConditionValue
}

/// The outcome of a condition.
///
/// Unknown is never taken for no.
public enum Truth: String, Hashable, Sendable, Codable {
    case yes
    case no
    case unknown
}
