/// All sessions of the target's database at one moment.
struct PostgresActivity: Hashable, Sendable {
    var sessions: [PostgresSession]
    /// Client connections to the server, those of other databases included.
    var used: Int
    /// Connections that an ordinary role may have at most.
    var limit: Int
    /// Relations that root blockers have locked, strongest first, by process.
    var locked: [Int: [String]] = [:]

    /// Waits shorter than this are what any busy shop has.
    static let momentary = 0.25
}

extension PostgresActivity {
    /// A session that others wait for and that waits for nobody.
    struct RootBlocker: Hashable, Sendable {
        var session: PostgresSession
        /// Sessions that wait for it, directly or behind another.
        var waiting: [PostgresSession]
        /// The longest of these waits.
        var longestWait: Double { waiting.compactMap(\.waitAge).max() ?? 0 }
    }

    /// Root blockers with at least one wait that is more than momentary, the one with most waiters first.
    var rootBlockers: [RootBlocker] {
        let byPid = Dictionary(sessions.map { ($0.pid, $0) }, uniquingKeysWith: { first, _ in first })
        var waiting: [Int: [PostgresSession]] = [:]
        for session in sessions where !session.blockedBy.isEmpty {
            for root in roots(of: session.pid, among: byPid) { waiting[root, default: []].append(session) }
        }
        return
            waiting.compactMap { pid, sessions in byPid[pid].map { RootBlocker(session: $0, waiting: sessions) } }
            .filter { $0.longestWait >= Self.momentary }
            .sorted { ($0.waiting.count, $1.session.pid) > ($1.waiting.count, $0.session.pid) }
    }

    /// Follows the waits up to whoever waits for nobody; a ring of waits has no root and ends by the server's own detector.
    private func roots(of pid: Int, among byPid: [Int: PostgresSession]) -> Set<Int> {
        var seen: Set<Int> = [pid]
        var open = byPid[pid]?.blockedBy ?? []
        var found: Set<Int> = []
        while let next = open.popLast() {
            guard seen.insert(next).inserted, let session = byPid[next] else { continue }
            if session.blockedBy.isEmpty { found.insert(next) } else { open += session.blockedBy }
        }
        return found
    }
}
