public import OpsHTTP
public import OpsModel

/// What a person's command line asks of the gate.
public struct OperatorClient: Sendable {
    let client: ServiceClient

    /// A client with an operator's key.
    public init(_ client: ServiceClient) { self.client = client }

    /// The newest incidents first.
    public func incidents(limit: Int = 50) async throws -> [Incident] {
        try await client.get("/api/v1/incidents?limit=\(limit)")
    }

    /// One incident with all that was found, asked, allowed and done.
    public func incident(_ id: String) async throws -> IncidentDetail {
        try await client.get("/api/v1/incidents/\(id)")
    }

    /// The timeline behind an event's number.
    public func events(of incident: String, after seq: Int = 0) async throws -> [IncidentEvent] {
        try await client.get("/api/v1/incidents/\(incident)/events?after=\(seq)")
    }

    /// Ends an incident by hand.
    public func close(_ incident: String, reason: String) async throws -> Incident {
        try await client.post("/api/v1/incidents/\(incident)/close", ApprovalDecision(reason: reason))
    }

    /// Stops all agents and voids what waits; gives the new epoch.
    public func stopAgents(reason: String) async throws -> Int { try await control("kill-switch", reason) }

    /// Lets agents work again; gives the new epoch.
    public func resumeAgents(reason: String) async throws -> Int { try await control("resume-agents", reason) }

    /// Pauses one agent, by the name under which it claims: what it asked is void, and nothing is done for it.
    public func pauseAgent(_ name: String, reason: String) async throws -> AgentPause {
        let path = "/api/v1/controls/pause-agent/\(PercentEncoding.encode(name))"
        return try await client.post(path, ApprovalDecision(reason: reason))
    }

    /// Lets one agent act again; it has to ask anew.
    public func resumeAgent(_ name: String, reason: String) async throws -> AgentPause {
        let path = "/api/v1/controls/resume-agent/\(PercentEncoding.encode(name))"
        return try await client.post(path, ApprovalDecision(reason: reason))
    }

    private func control(_ name: String, _ reason: String) async throws -> Int {
        let answer: JSONValue = try await client.post("/api/v1/controls/\(name)", ApprovalDecision(reason: reason))
        return answer["epoch"]?.intValue ?? 0
    }

    /// Requests for approval, all or those in one state.
    public func approvals(_ state: ApprovalState? = nil) async throws -> [Approval] {
        try await client.get("/api/v1/approvals" + (state.map { "?status=\($0.rawValue)" } ?? ""))
    }

    /// One request with the exact bytes that a signature will cover.
    public func approval(_ id: String) async throws -> ApprovalDetail {
        try await client.get("/api/v1/approvals/\(id)")
    }

    /// Says yes to one option, with a signed grant for each of its steps.
    public func approve(_ id: String, _ decision: ApprovalDecision) async throws -> Approval {
        try await client.post("/api/v1/approvals/\(id)/approve", decision)
    }

    /// Says no, with a reason for the agent.
    public func deny(_ id: String, reason: String) async throws -> Approval {
        try await client.post("/api/v1/approvals/\(id)/reject", ApprovalDecision(reason: reason))
    }

    /// Takes back what was approved, with a reason; what has not begun is withheld.
    public func revoke(_ id: String, reason: String) async throws -> Approval {
        try await client.post("/api/v1/approvals/\(id)/revoke", ApprovalDecision(reason: reason))
    }

    /// Keeps something from agents, or puts it before them, for a limited time; for judging, with a referee's key.
    public func set(_ handicap: Handicap) async throws {
        let _: Handicap = try await client.put("/api/v1/handicap", handicap, idempotencyKey: Identifier.random())
    }

    /// What is remembered of incidents that ended before a moment; for judging, with a referee's key.
    public func memory(before moment: Timestamp) async throws -> MemorySeal {
        try await client.get("/api/v1/memory?before=\(PercentEncoding.encode(moment.description))")
    }

    /// How much agents may do.
    public func autonomy() async throws -> AutonomySetting { try await client.get("/api/v1/autonomy") }

    /// Sets how much agents may do; setting the same again changes nothing, so it is repeated when no answer comes.
    public func set(_ autonomy: AutonomySetting) async throws -> AutonomySetting {
        try await client.put("/api/v1/autonomy", autonomy, idempotencyKey: Identifier.random())
    }
}
