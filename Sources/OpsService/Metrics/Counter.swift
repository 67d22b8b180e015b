import Synchronization

/// A number that only grows, per combination of labels.
public final class Counter: MetricFamily {
    package let description: MetricDescription
    private let values = Mutex<[[String]: Double]>([:])

    init(_ description: MetricDescription) {
        self.description = description
        if description.labels.isEmpty { self.values.withLock { $0[[]] = 0 } }
    }

    /// Adds; a negative amount is ignored.
    public func add(_ amount: Double = 1, _ labels: [String] = []) {
        guard amount >= 0 else { return }
        let key = self.description.fitted(labels)
        self.values.withLock { $0[key, default: 0] += amount }
    }

    /// What has been counted so far.
    public func value(_ labels: [String] = []) -> Double {
        self.values.withLock { $0[self.description.fitted(labels)] ?? 0 }
    }

    package func samples() -> String {
        let values = self.values.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return values.map { self.description.sample($0.key, $0.value) }.joined()
    }
}
