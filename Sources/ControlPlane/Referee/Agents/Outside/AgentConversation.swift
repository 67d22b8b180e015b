import OpsModel
import RemediationAgent

/// Incident after incident with one agent, until the agent or the run has had enough.
struct AgentConversation: Sendable {
    /// An incident that was claimed for the agent, and the way to speak about it.
    struct Work: Sendable {
        var incident: AgentIncident
        var gate: any IncidentGate
    }

    var transport: any AgentTransport
    /// Waits a moment for an incident that nobody works on, and claims it; nil when there was none.
    ///
    /// It should come back after about a second: meanwhile nobody listens to the agent.
    var claim: @Sendable () async throws -> Work?

    /// Speaks until the agent has ended or was stopped.
    ///
    /// - Throws: What the gate and the agent's door throw, and a cancellation when the run is over.
    func hold(limits: AgentLimits) async throws -> AgentDialogue.End {
        var use = AgentUse(limits: limits)
        var last: AgentDialogue?
        while true {
            try Task.checkCancellation()
            let work = try await claim()
            // Whatever it has said up to here is about the incident before.
            if let end = try await last?.hearOut(&use) { return end }
            guard let work else { continue }
            let dialogue = AgentDialogue(transport: transport, gate: work.gate)
            let end = try await dialogue.hold(about: work.incident, &use)
            if end != .incident { return end }
            last = dialogue
        }
    }
}
