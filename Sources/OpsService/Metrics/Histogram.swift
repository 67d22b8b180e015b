import Synchronization

/// A distribution in buckets with upper bounds, per combination of labels.
public final class Histogram: MetricFamily {
    /// Seconds, from a millisecond to ten.
    public static let latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    /// Seconds, from fifty microseconds to ten milliseconds: for what is decided without asking anybody.
    public static let decisionBuckets = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01]

    private struct Series {
        var counts: [Int]
        var sum = 0.0
    }

    package let description: MetricDescription
    private let bounds: [Double]
    private let series = Mutex<[[String]: Series]>([:])

    init(_ description: MetricDescription, buckets: [Double]) {
        self.description = description
        self.bounds = buckets.filter(\.isFinite).sorted() + [.infinity]
    }

    /// Counts one observation, for latencies in seconds; not a number is ignored.
    public func observe(_ value: Double, _ labels: [String] = []) {
        guard let bucket = self.bounds.firstIndex(where: { value <= $0 }) else { return }
        let key = self.description.fitted(labels)
        self.series.withLock { series in
            series[key, default: Series(counts: Array(repeating: 0, count: self.bounds.count))].counts[bucket] += 1
            series[key]?.sum += value
        }
    }

    package func samples() -> String {
        let series = self.series.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return series.map { self.samples($0.key, $0.value) }.joined()
    }

    private func samples(_ labels: [String], _ series: Series) -> String {
        var total = 0
        var text = ""
        for (bound, count) in zip(self.bounds, series.counts) {
            total += count
            let extra = ("le", MetricDescription.number(bound))
            text += self.description.sample(labels, Double(total), suffix: "_bucket", extra: extra)
        }
        text += self.description.sample(labels, series.sum, suffix: "_sum")
        return text + self.description.sample(labels, Double(total), suffix: "_count")
    }
}
