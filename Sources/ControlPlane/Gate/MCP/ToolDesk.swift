import OpsHTTP
import OpsModel

/// Carries tools out through the desk of the four calls, which decides what may be done and when.
struct ToolDesk: Sendable {
    var desk: AgentBoundary
    var sessions = SessionRegistry()

    func call(_ call: ToolCall) async throws -> ToolResult {
        do {
            return .done(try await answered { try await perform(call) })
        } catch let refusal as HTTPError {
            return .refused(refusal)
        }
    }

    /// What a session may call here and now.
    func tools(for session: String) async -> [Tool] { ToolCatalogue.tools(actions: await actions(for: session)) }

    /// What it may propose, in the names of its incident; without one, nothing in it is called anything.
    ///
    /// None are known while ActionPlane or the records are away. A client asks for its tools once, and the schemas are only a
    /// help: the incident tells the same, and what is proposed is checked again.
    private func actions(for session: String) async -> [ActionDescription] {
        do {
            guard let key = key(of: session), try await opens(key) else { return try await desk.catalogue() }
            return try await desk.catalogue(for: key)
        } catch {
            return []
        }
    }

    /// Counts as a call with the key of the session's incident; a claim that has lapsed is told at the next one.
    func signOfLife(from session: String) async {
        guard let key = key(of: session) else { return }
        try? await desk.alive(key)
    }

    private func perform(_ call: ToolCall) async throws -> JSONValue {
        switch call.tool {
        case .waitForIncident: return try await wait(call)
        case .incident:
            _ = try call.decoded(as: [String: JSONValue].self)
            return try await holding(call) { ["incident": try JSONValue(encoding: await desk.incident(by: $0))] }
        case .read:
            let request = try call.decoded(as: ReadRequest.self)
            return try await holding(call) { try JSONValue(encoding: await desk.read(request, by: $0)) }
        case .diagnose:
            let diagnosis = try call.decoded(as: Diagnosis.self)
            return try await holding(call) { key in
                try await desk.diagnose(diagnosis, by: key)
                return ["message": "kept"]
            }
        case .propose:
            let proposal = try call.decoded(as: Proposal.self)
            return try await holding(call) { try JSONValue(encoding: await desk.propose(proposal, by: $0)) }
        case .outcome: return try await outcome(call)
        case .escalate:
            let escalation = try call.decoded(as: Escalation.self)
            return try await holding(call) { key in
                try await desk.escalate(escalation, by: key)
                return ["message": "handed over"]
            }
        }
    }

    private func outcome(_ call: ToolCall) async throws -> JSONValue {
        let proposal = try call.decoded(as: OutcomeArguments.self).proposal
        let limit = try call.wait()
        return try await holding(call) {
            try JSONValue(encoding: await desk.outcome(of: proposal, by: $0, waiting: limit))
        }
    }

    private func wait(_ call: ToolCall) async throws -> JSONValue {
        _ = try call.decoded(as: [String: JSONValue].self)
        let limit = try call.wait()
        let before = key(of: call.session)
        if let present = try await present(call.session) { return ["incident": try JSONValue(encoding: present)] }
        let wait = IncidentWait(desk: desk, sessions: sessions, session: call.session, call: call.id, before: before)
        guard let next = try await wait.next(within: limit) else { return ["incident": nil] }
        return ["incident": try JSONValue(encoding: next)]
    }

    /// The incident that the session works on, while it lasts and the claim stands.
    private func present(_ session: String) async throws -> AgentIncident? {
        guard let key = key(of: session), try await opens(key) else { return nil }
        do {
            let incident = try await desk.incident(by: key)
            return [.resolved, .escalated].contains(incident.state) ? nil : incident
        } catch let refusal as GateRefusal where refusal.code == .claimLapsed {
            return nil
        }
    }

    /// Speaks about the session's incident with its key, as far as that still opens it.
    private func holding(
        _ call: ToolCall,
        _ body: (IncidentKey) async throws -> JSONValue
    ) async throws -> JSONValue {
        guard let key = key(of: call.session) else {
            let hint = "call wait_for_incident first"
            throw HTTPError.conflict("no_incident", "This session works on no incident.", hint: hint)
        }
        guard try await opens(key) else {
            throw GateRefusal(
                .incidentClosed,
                "\(key.incident) is over",
                hint: "call wait_for_incident for the next one"
            )
        }
        return try await body(key)
    }

    private func key(of session: String) -> IncidentKey? { sessions.with { $0.sessions[session]?.incident } }

    /// The same question that every request with an incident's own key is asked.
    private func opens(_ key: IncidentKey) async throws -> Bool {
        try await desk.store.incident(keyHash: key.hash) == key.incident
    }
}

private struct OutcomeArguments: Decodable {
    var proposal: String
}
