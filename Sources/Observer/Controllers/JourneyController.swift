internal import OpsHTTP
internal import OpsModel

/// Shows what customers live, and which pages are out.
struct JourneyController: Sendable {
    let map: TargetMap
    let store: WorldStore

    /// Windows of every status, in seconds.
    static let windows = [2.0, 10.0, 60.0]

    func install(in router: inout Router) {
        router.get("/journeys", summary: "Every journey over three windows.", access: .scope("reads")) { _ in
            .json(statuses(at: .now()))
        }
        router.get(
            "/journeys/series",
            summary: "Half seconds of every journey, for judging.",
            access: .scope("referee")
        ) { request in .json(try series(request)) }
        router.get("/samples", summary: "Half seconds of every journey since a moment.", access: .scope("reads")) {
            request in
            let since = try moment(request, "since") ?? Timestamp.now() + -10
            return .json(buckets(since, Timestamp.now() + 1))
        }
        router.get("/pages", summary: "Pages that are out.", access: .scope("reads")) { _ in .json(pages()) }
    }

    func statuses(at now: Timestamp) -> [JourneyStatus] {
        let world = store.snapshot
        return map.journeys.compactMap { world.journeys[$0.name] }.flatMap { watch in
            Self.windows.map { watch.status(seconds: $0, now: now) }
        }
    }

    func pages() -> [Page] {
        let world = store.snapshot
        return map.journeys.compactMap { world.journeys[$0.name]?.page }
    }

    private func series(_ request: HTTPRequest) throws -> [ObservedJourneyBucket] {
        let now = Timestamp.now()
        return buckets(try moment(request, "from") ?? now + -900, try moment(request, "to") ?? now + 1)
    }

    private func buckets(_ from: Timestamp, _ to: Timestamp) -> [ObservedJourneyBucket] {
        let world = store.snapshot
        return map.journeys.compactMap { world.journeys[$0.name] }
            .flatMap { $0.series.between(from, to) }
            .map { ObservedJourneyBucket(bucket: $0.bucket, isStarved: $0.isStarved) }
            .sorted { ($0.bucket.from, $0.bucket.journey) < ($1.bucket.from, $1.bucket.journey) }
    }

    private func moment(_ request: HTTPRequest, _ name: String) throws -> Timestamp? {
        guard let text = request[query: name], !text.isEmpty else { return nil }
        guard let moment = Timestamp(text) else {
            throw HTTPError.badRequest("bad_time", "'\(name)' is no RFC 3339 time.", hint: "2026-01-31T12:00:00Z")
        }
        return moment
    }
}
