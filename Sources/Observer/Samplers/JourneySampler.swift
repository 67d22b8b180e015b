internal import OpsHTTP
internal import OpsModel
internal import OpsService

/// Fetches what customers lived from the load process and lets the rules judge it.
actor JourneySampler {
    private let url: String
    private let key: String?
    private let http: HTTPClient
    private let store: WorldStore
    private let pages: @Sendable ([Page]) -> Void
    private let metrics: ObserverMetrics
    private var after = 0
    private var lastBucket: Timestamp?
    private var lastAnswer: Timestamp?

    /// Buckets older than this when they arrive go into the series, but are too old to page anybody.
    private static let memory = 30.0

    init(
        url: String,
        key: String?,
        http: HTTPClient,
        store: WorldStore,
        metrics: ObserverMetrics,
        pages: @escaping @Sendable ([Page]) -> Void
    ) {
        self.url = url
        self.key = key
        self.http = http
        self.store = store
        self.metrics = metrics
        self.pages = pages
    }

    func sample(_ tick: Tick) async {
        do {
            let buckets = try await fetch()
            take(buckets, tick)
        } catch {
            metrics.failures.add(1, ["journeys"])
        }
    }

    private func fetch() async throws -> [JourneyBucket] {
        let request = HTTPClientRequest(
            url: "\(url)/journeys?after=\(after)",
            timeout: .milliseconds(900),
            key: key,
            retries: 0
        )
        let response = try await http.send(request)
        guard response.isSuccess else { throw RemoteError(status: response.status, code: "load_refused", message: "") }
        if let page = try? response.json(BucketPage.self) { return page.buckets }  // the other shape is read below
        return try response.json([JourneyBucket].self)
    }

    /// The wrapped form of the list.
    private struct BucketPage: Decodable, Sendable {
        var buckets: [JourneyBucket]
    }

    private func take(_ buckets: [JourneyBucket], _ tick: Tick) {
        let fresh = buckets.filter { bucket in lastBucket.map { bucket.from > $0 } ?? true }
            .sorted { ($0.from, $0.seq) < ($1.from, $1.seq) }
        guard let newest = buckets.map(\.seq).max(), let latest = fresh.last?.from else {
            forgetSilentLoad(tick.at)
            return
        }
        after = newest
        lastBucket = latest
        lastAnswer = tick.at
        publish(fresh, tick)
    }

    /// A load process that started anew counts from the beginning: ask for everything it has.
    private func forgetSilentLoad(_ now: Timestamp) {
        if let last = lastAnswer, now - last > 3 {
            after = 0
            lastAnswer = now
        }
    }

    private func publish(_ buckets: [JourneyBucket], _ tick: Tick) {
        let turned = store.update { world in
            buckets.compactMap { bucket -> Page? in
                let observed = ObservedBucket(bucket: bucket, isStarved: tick.isStarved)
                guard tick.at - bucket.from < Self.memory else {
                    world.journeys[bucket.journey]?.recall(observed)
                    return nil
                }
                return world.journeys[bucket.journey]?.observe(observed)
            }
        }
        for page in turned { metrics.pages.add(1, [page.journey, page.status.rawValue]) }
        if !turned.isEmpty { pages(turned) }
    }
}
