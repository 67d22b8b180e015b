import OpsHTTP
import OpsModel

/// The last seconds of what customers lived, as the load tells it.
struct CustomerFeed: Sendable {
    private static let spanS = 20.0
    /// A load that says nothing new for so long has begun to count anew.
    private static let silenceS = 2.0

    private var after = 0
    private var heardAt: Timestamp?
    private(set) var buckets: [JourneyBucket] = []

    /// Asks for what is new.
    mutating func update(from load: ServiceClient, now: Timestamp = .now()) async throws {
        let news: [JourneyBucket] = try await load.get("/journeys?after=\(self.after)", timeout: .seconds(1))
        self.take(news, now: now)
    }

    mutating func take(_ news: [JourneyBucket], now: Timestamp) {
        if let newest = news.map(\.seq).max() {
            self.after = newest
            self.heardAt = now
        } else if let heardAt, now - heardAt > Self.silenceS {
            self.after = 0
            self.heardAt = now
        }
        let known = Set(self.buckets)
        self.buckets = (self.buckets + news.filter { !known.contains($0) }).filter { now - $0.from < Self.spanS }
    }
}
