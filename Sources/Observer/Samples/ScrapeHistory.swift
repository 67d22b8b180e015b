internal import OpsModel

/// The metrics pages of one instance: the newest, and enough older ones to see what changed.
struct ScrapeHistory: Sendable {
    /// Seconds that pages are kept: they are large, and questions about counters look back a few seconds.
    static let span = 15.0

    private(set) var ring = TimedRing<Sampled<Scrape>>(span: span)
    /// How long the last answer took, or the word for its failure.
    var lastFailure: Sampled<String>?

    var newest: Sampled<Scrape>? { ring.newest?.value }

    mutating func append(_ scrape: Sampled<Scrape>) { ring.append(scrape, at: scrape.at) }

    /// By how much each counter of a metric rose over the last so many seconds.
    ///
    /// A process that started anew begins at zero: its whole count is the rise. Nil before the second page.
    func rises(_ name: String, seconds: Double) -> [MetricSample]? {
        guard let newest, let oldest = ring.since(newest.at + -seconds).first, oldest.at < newest.at else { return nil }
        let before = Dictionary(
            oldest.value.value.all(name).map { ($0.labels, $0.value) },
            uniquingKeysWith: { _, later in later }
        )
        return newest.value.all(name).map { sample in
            let past = before[sample.labels] ?? 0
            let rise = sample.value >= past ? sample.value - past : sample.value
            return MetricSample(name: name, labels: sample.labels, value: rise)
        }
    }

    /// Seconds between the two pages that `rises` compares.
    func span(seconds: Double) -> Double {
        guard let newest, let oldest = ring.since(newest.at + -seconds).first else { return 0 }
        return newest.at - oldest.at
    }
}
