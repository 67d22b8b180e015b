public import OpsHTTP
public import OpsModel

/// What the process that hosts an agent may ask of the gate: which incidents wait, and one of them to work on.
public struct AgentHostClient: Sendable {
    private let client: ServiceClient

    /// A client with the host's key.
    public init(_ client: ServiceClient) { self.client = client }

    /// Incidents that nobody works on; waits up to `seconds` for the first one.
    public func unclaimed(waiting seconds: Int = 0) async throws -> [Incident] {
        try await client.get("/agent/incidents?wait=\(seconds)", timeout: .seconds(seconds + 10))
    }

    /// Takes one incident; the answer's key opens it and nothing else.
    public func claim(_ incident: String, as agent: AgentClaim) async throws -> ClaimedIncident {
        try await client.post("/agent/incidents/\(incident)/claim", agent)
    }
}
