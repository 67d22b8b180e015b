/// A value that is changed for good, or for a while after which it is again what it was.
struct TimedValue<Value: Sendable>: Sendable {
    private var lasting: Value
    private var current: Value
    private var until: ContinuousClock.Instant?

    init(_ value: Value) { (lasting, current) = (value, value) }

    /// What it is at this moment.
    mutating func now() -> Value {
        if let until, .now > until {
            self.until = nil
            current = lasting
        }
        return current
    }

    mutating func set(_ value: Value, for duration: Duration?) {
        current = value
        until = duration.map { .now + $0 }
        if duration == nil { lasting = value }
    }
}
