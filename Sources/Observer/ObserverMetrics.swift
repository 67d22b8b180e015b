internal import OpsService

/// Every metric of Observer.
struct ObserverMetrics: Sendable {
    let samples: Counter
    let starved: Counter
    let failures: Counter
    let pages: Counter
    let deliveries: Counter
    let reads: Counter

    init(_ registry: MetricsRegistry) {
        samples = registry.counter("opslab_observer_samples_total", "Looks taken by each sampler.", labels: ["sampler"])
        starved = registry.counter(
            "opslab_observer_starved_samples_total",
            "Looks that came more than 250 ms late and prove nothing.",
            labels: ["sampler"]
        )
        failures = registry.counter(
            "opslab_observer_sample_failures_total",
            "Looks that ended without a sample.",
            labels: ["sampler"]
        )
        pages = registry.counter(
            "opslab_observer_pages_total",
            "Pages that fired or were resolved.",
            labels: ["journey", "status"]
        )
        deliveries = registry.counter(
            "opslab_observer_page_deliveries_total",
            "Attempts to hand a page to the gate.",
            labels: ["outcome"]
        )
        reads = registry.counter("opslab_observer_reads_total", "Answered questions.", labels: ["read", "status"])
    }
}
