/// A number with a unit as people write it: `500ms`, `20%`, `128MiB`, `100/s`, `12`.
///
/// Kept in the base unit (seconds, a ratio, bytes, per second), so that two spellings of one amount compare as equal.
public struct Quantity: Hashable, Sendable {
    /// What is counted.
    public enum Unit: String, Hashable, Sendable, Codable {
        /// A bare number.
        case none
        /// Time, in seconds.
        case seconds
        /// A share; a percent sign divides by a hundred.
        case ratio
        /// Bytes.
        case bytes
        /// Events a second.
        case perSecond
    }

    /// The amount in the base unit.
    public var value: Double
    /// What is counted.
    public var unit: Unit

    /// An amount in the base unit.
    public init(_ value: Double, _ unit: Unit = .none) {
        self.value = value
        self.unit = unit
    }

    private static let suffixes: [(String, Double, Unit)] = [
        ("KiB", 1_024, .bytes), ("MiB", 1_048_576, .bytes), ("GiB", 1_073_741_824, .bytes),
        ("us", 0.000_001, .seconds), ("ms", 0.001, .seconds), ("/s", 1, .perSecond), ("%", 0.01, .ratio),
        ("s", 1, .seconds), ("m", 60, .seconds), ("h", 3_600, .seconds), ("d", 86_400, .seconds), ("B", 1, .bytes),
    ]

    /// Reads an amount; nil for anything else.
    public init?(_ text: some StringProtocol) {
        for (suffix, factor, unit) in Self.suffixes where text.hasSuffix(suffix) {
            guard let number = Self.number(text.dropLast(suffix.count)) else { continue }
            self.init(number * factor, unit)
            return
        }
        guard let number = Self.number(text[...]) else { return nil }
        self.init(number)
    }

    private static func number(_ text: some StringProtocol) -> Double? {
        let isDecimal = text.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 || $0 == 45 }
        guard isDecimal, text.last?.isNumber == true else { return nil }
        return Double(String(text))
    }

    /// The amount as a duration; nil when something other than time is counted.
    public var duration: Duration? {
        unit == .seconds ? .microseconds(Int64((value * 1_000_000).rounded())) : nil
    }
}

extension Duration {
    /// Reads a duration such as `500ms`, `30s` or `2m`; nil for anything else, and for negative ones.
    public init?(goStyle text: some StringProtocol) {
        guard let quantity = Quantity(text), quantity.value >= 0, let duration = quantity.duration else { return nil }
        self = duration
    }

    /// The duration as people write it here: whole minutes, seconds or milliseconds.
    public var goStyle: String {
        let milliseconds = Int64((self / .milliseconds(1)).rounded())
        if milliseconds % 60_000 == 0, milliseconds > 0 { return "\(milliseconds / 60_000)m" }
        if milliseconds % 1_000 == 0 { return "\(milliseconds / 1_000)s" }
        return "\(milliseconds)ms"
    }
}
