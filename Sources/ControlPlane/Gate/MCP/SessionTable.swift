/// The open sessions: at most so many, none idle for too long.
///
/// A full table gives up the session that has been idle longest, but none that a call may still be waiting in.
struct SessionTable: Sendable {
    /// How many sessions there may be.
    var limit = 64
    /// After which silence a session is over.
    var idle: Duration = .seconds(600)
    /// The silence after which a session may be given up for another; longer than any call waits.
    var spare: Duration = .seconds(60)
    private(set) var sessions: [String: MCPSession] = [:]

    /// Keeps a new session; false when there is no room.
    mutating func open(_ session: MCPSession) -> Bool {
        let now = session.usedAt
        sessions = sessions.filter { now - $0.value.usedAt < idle }
        if sessions.count >= limit {
            guard let oldest = sessions.values.min(by: { $0.usedAt < $1.usedAt }), now - oldest.usedAt >= spare else {
                return false
            }
            sessions[oldest.id] = nil
        }
        sessions[session.id] = session
        return true
    }

    /// The session, noted as in use; nil when it is unknown, over, or another's.
    mutating func use(_ id: String, by owner: String, at now: ContinuousClock.Instant) -> MCPSession? {
        guard let session = sessions[id], session.owner == owner, now - session.usedAt < idle else { return nil }
        sessions[id]?.usedAt = now
        return sessions[id]
    }

    mutating func close(_ id: String) { sessions[id] = nil }

    mutating func bind(_ id: String, to incident: IncidentKey) { sessions[id]?.incident = incident }

    /// The call waits from now on, and the one before it no longer.
    mutating func wait(_ id: String, in call: JSONRPCID) { sessions[id]?.waiting = call }

    /// The client has given the call up: whoever waits for it may stop.
    mutating func cancel(_ id: String, call: JSONRPCID) {
        if isWaiting(id, in: call) { sessions[id]?.waiting = nil }
    }

    func isWaiting(_ id: String, in call: JSONRPCID) -> Bool { sessions[id]?.waiting == call }
}
