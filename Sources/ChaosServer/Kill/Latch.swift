import OpsModel

/// The fact that the kill switch was pressed, as it lies on disk.
struct Latch: Codable, Hashable, Sendable {
    var killID: String
    var reason: String
    var actor: String
    var at: Timestamp

    enum CodingKeys: String, CodingKey {
        case killID = "kill_id"
        case reason, actor, at
    }

    /// Why the latch stays.
    enum Refusal: Hashable, Sendable {
        case notLatched
        case otherKill(current: String)
        case noReason
        case unfinished([String])
    }

    /// Whether work may go on: only for whoever names this very kill, and only over a clean world unless forced.
    static func refusal(of latch: Latch?, killID: String, reason: String, open: [String], force: Bool) -> Refusal? {
        guard let latch else { return .notLatched }
        guard latch.killID == killID else { return .otherKill(current: latch.killID) }
        guard !reason.isBlank else { return .noReason }
        return open.isEmpty || force ? nil : .unfinished(open)
    }
}

extension String {
    /// Whether nothing but spaces is in it.
    var isBlank: Bool { self.allSatisfy(\.isWhitespace) }
}
