public import OpsHTTP
public import OpsModel

/// Asks Observer what it knows of the target.
///
/// Every call may throw `RemoteError` (Observer refused) or `HTTPClientError` (it could not be reached). The key decides
/// what is allowed: scope `reads` for everything here but the series, which needs `referee`.
public struct ObserverClient: Sendable {
    private let service: ServiceClient

    /// A client for the service at an address such as `http://127.0.0.1:8002`.
    public init(base: String, key: String, http: HTTPClient = HTTPClient()) {
        service = ServiceClient(base: base, key: key, http: http)
    }

    /// Answers to questions of the closed vocabulary, in the order of the questions; at most 64.
    public func reads(_ questions: [ReadQuery]) async throws -> [ReadAnswer] {
        try await service.post("/reads", ReadRequest(reads: questions), as: ReadReply.self).answers
    }

    /// Every journey over its three windows.
    public func journeys() async throws -> [JourneyStatus] { try await service.get("/journeys") }

    /// Pages that are out.
    public func pages() async throws -> [Page] { try await service.get("/pages") }

    /// The declared part of the system that an agent may know.
    public func view() async throws -> AgentView { try await service.get("/view") }

    /// Half seconds of every journey that began inside `[from, to)`; for judging.
    public func series(from: Timestamp, to: Timestamp) async throws -> [ObservedJourneyBucket] {
        let window = "from=\(PercentEncoding.encode(from.description))&to=\(PercentEncoding.encode(to.description))"
        return try await service.get("/journeys/series?\(window)")
    }

    /// Keeps reads and runbooks back from whoever asks, for a limited time; for judging.
    public func set(_ handicap: Handicap) async throws {
        let _: Handicap = try await service.put("/handicap", handicap)
    }

    /// Half seconds of every journey since a moment, for a picture of now.
    public func samples(since: Timestamp) async throws -> [ObservedJourneyBucket] {
        try await service.get("/samples?since=\(PercentEncoding.encode(since.description))")
    }

    /// All runbooks without their texts.
    public func runbooks() async throws -> [RunbookSummary] { try await service.get("/runbooks") }

    /// The best runbooks for a description of symptoms, best first.
    public func searchRunbooks(_ question: String, limit: Int = 5) async throws -> [RunbookHit] {
        try await service.get("/runbooks/search?q=\(PercentEncoding.encode(question))&limit=\(limit)")
    }

    /// One runbook with its text; nil when there is none of that name.
    public func runbook(_ id: String) async throws -> RunbookDocument? {
        do {
            return try await service.get("/runbooks/\(PercentEncoding.encode(id))")
        } catch let error as RemoteError where error.status == 404 {
            return nil
        }
    }
}
