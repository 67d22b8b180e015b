import Synchronization

/// A number that goes up and down, per combination of labels.
public final class Gauge: MetricFamily {
    package let description: MetricDescription
    private let values = Mutex<[[String]: Double]>([:])

    init(_ description: MetricDescription) { self.description = description }

    /// Replaces the value.
    public func set(_ value: Double, _ labels: [String] = []) {
        let key = self.description.fitted(labels)
        self.values.withLock { $0[key] = value }
    }

    /// Adds to the value, or takes away from it.
    public func add(_ amount: Double, _ labels: [String] = []) {
        let key = self.description.fitted(labels)
        self.values.withLock { $0[key, default: 0] += amount }
    }

    /// The value now; 0 before the first one.
    public func value(_ labels: [String] = []) -> Double {
        self.values.withLock { $0[self.description.fitted(labels)] ?? 0 }
    }

    package func samples() -> String {
        let values = self.values.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return values.map { self.description.sample($0.key, $0.value) }.joined()
    }
}

/// A metric whose values are asked for at each look.
final class ObservedMetric: MetricFamily {
    let description: MetricDescription
    private let read: @Sendable () -> [(labels: [String], value: Double)]

    init(_ description: MetricDescription, _ read: @escaping @Sendable () -> [(labels: [String], value: Double)]) {
        self.description = description
        self.read = read
    }

    func samples() -> String {
        let values = self.read().sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
        return values.map { self.description.sample($0.labels, $0.value) }.joined()
    }
}
