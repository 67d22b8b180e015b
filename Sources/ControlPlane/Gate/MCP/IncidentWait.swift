import OpsModel
import OpsTrust

/// Waits until an incident is free and claims it for a session.
struct IncidentWait: Sendable {
    var desk: AgentBoundary
    var sessions: SessionRegistry
    var session: String
    /// The call that waits, until a later one of the session does or its client gives it up.
    var call: JSONRPCID
    /// The incident that the session had, which is over or lost to it.
    var before: IncidentKey?

    /// Nil when none came in time.
    func next(within limit: Duration) async throws -> AgentIncident? {
        let deadline = ContinuousClock.now + limit
        sessions.with { $0.wait(session, in: call) }
        while true {
            let left = deadline - ContinuousClock.now
            let free = try await desk.unclaimed(waiting: min(left, .seconds(1)))
            if Task.isCancelled { return nil }
            if let key = bound { return try await desk.incident(by: key) }
            for incident in free {
                guard let agent = waitingAgent else { return nil }
                if let claimed = try await claim(incident.id, as: agent) { return claimed }
            }
            if left <= .zero || waitingAgent == nil { return nil }
        }
    }

    /// Who waits here; nil once this call no longer does.
    private var waitingAgent: AgentClaim? {
        sessions.with { $0.isWaiting(session, in: call) ? $0.sessions[session]?.agent : nil }
    }

    /// The incident that another call of the session claimed meanwhile.
    private var bound: IncidentKey? {
        let key = sessions.with { $0.sessions[session]?.incident }
        return key == before ? nil : key
    }

    /// Nil when somebody else was faster.
    private func claim(_ incident: String, as agent: AgentClaim) async throws -> AgentIncident? {
        do {
            let claimed = try await desk.claim(incident, by: agent)
            guard let key = APIKey(claimed.key) else { return nil }
            let held = IncidentKey(incident: incident, hash: key.hash.hex)
            sessions.with { $0.bind(session, to: held) }
            return claimed.incident
        } catch let refusal as GateRefusal where [.incidentTaken, .incidentClosed].contains(refusal.code) {
            return nil
        }
    }
}
