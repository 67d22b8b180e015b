/// So many at once and so many per second, and no more.
struct TokenBucket: Hashable, Sendable {
    private let capacity: Double
    private let perSecond: Double
    private var tokens: Double
    private var last: UInt64

    /// A full bucket at a moment of the boot clock.
    init(capacity: Int, perMinute: Int, at nanoseconds: UInt64) {
        self.capacity = Double(capacity)
        perSecond = Double(perMinute) / 60
        tokens = Double(capacity)
        last = nanoseconds
    }

    /// Takes one; nil when it was there, otherwise the seconds until one will be.
    mutating func take(at nanoseconds: UInt64) -> Double? {
        let passed = Double(nanoseconds > last ? nanoseconds - last : 0) / 1e9
        tokens = min(capacity, tokens + passed * perSecond)
        last = max(last, nanoseconds)
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return (1 - tokens) / perSecond
    }
}
