public import OpsHTTP
public import OpsModel

/// The four calls of an agent, and the wait for what became of a proposal; all about one incident.
public struct IncidentClient: Sendable {
    private let client: ServiceClient
    private let path: String

    /// A client with a key that opens this incident.
    public init(_ client: ServiceClient, incident: String) {
        self.client = client
        path = "/agent/incidents/\(incident)"
    }

    /// The incident as its agent may see it.
    public func incident() async throws -> AgentIncident { try await client.get(path) }

    /// Asks up to 64 reads; each answer comes back with the name under which it is evidence.
    public func read(_ request: ReadRequest) async throws -> ReadReply {
        try await client.post("\(path)/reads", request)
    }

    /// Says what the cause is, and what it is not.
    public func diagnose(_ diagnosis: Diagnosis) async throws {
        let _: JSONValue = try await client.post("\(path)/diagnosis", diagnosis)
    }

    /// Asks to be allowed to act.
    public func propose(_ proposal: Proposal) async throws -> ProposalReceipt {
        try await client.post("\(path)/proposals", proposal)
    }

    /// Hands over to a person and ends.
    public func escalate(_ escalation: Escalation) async throws {
        let _: JSONValue = try await client.post("\(path)/escalation", escalation)
    }

    /// Where a proposal stands; waits up to `seconds` for it to be decided, carried out and proven.
    public func outcome(of proposal: String, waiting seconds: Int = 20) async throws -> ProposalOutcome {
        try await client.get("\(path)/outcome?proposal=\(proposal)&wait=\(seconds)", timeout: .seconds(seconds + 10))
    }
}
