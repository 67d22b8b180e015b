internal import OpsModel

/// Copies of the world as it was a moment ago, for whoever may only know it late.
///
/// Pure: it is told what the world is, and forgets what is older than anybody may ask for.
struct WorldHistory: Sendable {
    private var past: [(at: Timestamp, world: World)] = []

    /// Seconds between two copies at least.
    private static let step = 0.25

    /// Takes in the world as it is, to be asked for so many seconds later.
    mutating func note(_ world: World, at now: Timestamp, lateBy delay: Double) {
        if let newest = past.last, now - newest.at < Self.step { return }
        past.append((now, world))
        // The last one that is old enough is still the answer.
        let old = past.prefix { now - $0.at > delay }.count
        if old > 1 { past.removeFirst(old - 1) }
    }

    /// The world as it was at a moment; an empty one where nobody kept it so far back.
    func world(asOf moment: Timestamp) -> World { past.last { $0.at <= moment }?.world ?? World() }

    mutating func forget() { past.removeAll() }
}
