/// Finds out who has been quiet for too long, and does not blame others for its own absence.
///
/// A watcher that was itself stopped, or starved of a processor, wakes up to a silent world. Then it starts counting afresh
/// instead of ending everybody.
struct Silence: Sendable {
    static let beat: UInt64 = 250_000_000
    static let limit: UInt64 = 2_000_000_000
    /// A look that comes later than this after the one before, or is the first, shows that the watcher was away.
    static let absence: UInt64 = 1_000_000_000

    private var heard: [Peer: UInt64] = [:]
    private var lastLook: UInt64?

    mutating func hear(_ peer: Peer, at now: UInt64) { self.heard[peer] = now }

    /// Starts the count for somebody who has not been heard yet; does nothing when it runs already.
    mutating func expect(_ peer: Peer, at now: UInt64) {
        if self.heard[peer] == nil { self.heard[peer] = now }
    }

    mutating func forget(_ peer: Peer) { self.heard[peer] = nil }

    /// Those that are quiet; each is reported once.
    mutating func look(at now: UInt64) -> [Peer] {
        defer { self.lastLook = now }
        if self.lastLook.map({ now > $0 + Self.absence }) ?? true {
            for peer in self.heard.keys { self.heard[peer] = now }
            return []
        }
        let quiet = self.heard.filter { now > $0.value + Self.limit }.map(\.key)
        for peer in quiet { self.heard[peer] = nil }
        return quiet
    }
}
