import Synchronization

/// All metrics of one process, printed in the Prometheus text format.
///
/// Ask for a metric once and keep it. Labels come from closed sets: a route's template, a code, a kind; never an identifier.
public final class MetricsRegistry: Sendable {
    private let families = Mutex<[String: any MetricFamily]>([:])

    /// An empty registry.
    public init() {}

    /// A number that only grows; its name ends in `_total`.
    public func counter(_ name: String, _ help: String, labels: [String] = []) -> Counter {
        self.register(Counter(MetricDescription(name: name, help: help, kind: .counter, labels: labels)))
    }

    /// A number that goes up and down.
    public func gauge(_ name: String, _ help: String, labels: [String] = []) -> Gauge {
        self.register(Gauge(MetricDescription(name: name, help: help, kind: .gauge, labels: labels)))
    }

    /// A number that is asked for when somebody looks; `read` must not block.
    public func gauge(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        read: @escaping @Sendable () -> [(labels: [String], value: Double)]
    ) {
        _ = self.register(ObservedMetric(MetricDescription(name: name, help: help, kind: .gauge, labels: labels), read))
    }

    /// A number that only grows and that somebody else counts; asked for when somebody looks, and `read` must not block.
    public func counter(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        read: @escaping @Sendable () -> [(labels: [String], value: Double)]
    ) {
        let description = MetricDescription(name: name, help: help, kind: .counter, labels: labels)
        _ = self.register(ObservedMetric(description, read))
    }

    /// A distribution; the upper bounds are sorted, and infinity is added.
    public func histogram(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        buckets: [Double] = Histogram.latencyBuckets
    ) -> Histogram {
        let description = MetricDescription(name: name, help: help, kind: .histogram, labels: labels)
        return self.register(Histogram(description, buckets: buckets))
    }

    /// The text of all metrics in alphabetical order.
    public func render() -> String {
        let families = self.families.withLock { $0 }.sorted { $0.key < $1.key }
        return families.map { $0.value.description.header + $0.value.samples() }.joined()
    }

    /// Gives the metric that has this name already, or this one; a second one of another kind counts for itself, unseen.
    private func register<Family: MetricFamily>(_ new: Family) -> Family {
        self.families.withLock { families in
            if let known = families[new.description.name] { return known as? Family ?? new }
            families[new.description.name] = new
            return new
        }
    }
}
