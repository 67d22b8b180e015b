import OpsModel

/// Decides which closed faults are forgotten, so that a directory of journals does not grow for ever.
///
/// Each fault holds reserved room on the disk, and each look at the faults reads them all.
struct Retention: Sendable {
    /// A fault that is over.
    struct Closed: Hashable, Sendable {
        var id: String
        var endedAt: Timestamp
    }

    /// How many closed faults are kept, the newest ones.
    static let kept = 256
    /// Whoever waits for the end of a fault can read how it went for at least this long.
    static let leastAgeS = 60.0

    /// The faults to forget; none while the kill switch is on, because its report tells of those it ended.
    func expired(_ closed: [Closed], isLatched: Bool, now: Timestamp) -> [String] {
        guard !isLatched else { return [] }
        return closed.sorted { $0.endedAt > $1.endedAt }.dropFirst(Self.kept)
            .filter { now - $0.endedAt > Self.leastAgeS }.map(\.id)
    }
}
