/// Durations as people write them in settings: `250ms`, `30s`, `1m30s`, `2h`.
public enum DurationText {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3_600e9),
    ]

    /// Reads a duration; nil for anything else, a bare number included.
    public static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        if rest == "0" { return .zero }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            let unit = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let number = Double(digits), let known = self.units.first(where: { $0.name == unit }) else {
                return nil
            }
            total += number * known.nanoseconds
            rest = rest.dropFirst(digits.count + unit.count)
        }
        return total <= 9e18 ? .nanoseconds(Int64(total)) : nil
    }

    /// Writes a duration in the largest unit that needs no fraction.
    public static func format(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Double(seconds) * 1e9 + Double(attoseconds) / 1e9
        guard nanoseconds > 0 else { return "0s" }
        let unit = self.units.last {
            nanoseconds >= $0.nanoseconds && nanoseconds.truncatingRemainder(dividingBy: $0.nanoseconds) == 0
        }
        guard let unit, let count = Int64(exactly: (nanoseconds / unit.nanoseconds).rounded()) else { return "0s" }
        return "\(count)\(unit.name)"
    }
}
