import OpsModel
import OpsTrust

/// Waits until an incident is free and claims it for a session.
struct IncidentWait: Sendable {
    var desk: AgentBoundary
    var sessions: SessionRegistry
    var session: String
    /// The call that waits, until a later one of the session does or its client gives it up.
    var call: JSONRPCID

    /// Nil when none came in time.
    func next(within limit: Duration) async throws -> AgentIncident? {
        let deadline = ContinuousClock.now + limit
        sessions.with { $0.wait(session, in: call) }
        while true {
            let left = deadline - ContinuousClock.now
            let free = try await desk.unclaimed(waiting: min(left, .seconds(1)))
            if Task.isCancelled { return nil }
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
