import OpsHTTP
public import OpsModel

/// What a person's command line asks about policies.
extension OperatorClient {
    /// The newest version of each; of those in one state, or of those that are not retired.
    public func policies(_ status: PolicyStatus? = nil) async throws -> [PolicyRecord] {
        try await client.get("/api/v1/policies" + (status.map { "?status=\($0.rawValue)" } ?? ""))
    }

    /// Every version, the newest first.
    public func versions(ofPolicy id: String) async throws -> [PolicyRecord] {
        try await client.get("/api/v1/policies/\(id)/versions")
    }

    /// Makes a policy of what somebody wrote.
    public func addPolicy(_ document: JSONValue) async throws -> PolicyRecord {
        try await client.post("/api/v1/policies", document)
    }

    /// Makes a new version with the members that are to change, if it still is the version that was looked at.
    public func changePolicy(_ id: String, _ document: JSONValue, from version: Int? = nil) async throws -> PolicyRecord
    {
        try await client.patch("/api/v1/policies/\(id)", document, ifMatch: version.map { "\"\($0)\"" })
    }

    /// Takes a policy away.
    public func removePolicy(_ id: String) async throws -> PolicyRecord {
        try await client.delete("/api/v1/policies/\(id)")
    }

    /// What would become of an action under one policy, or under all that count.
    public func evaluate(_ facts: JSONValue, under id: String? = nil) async throws -> PolicyAnswer {
        try await client.post("/api/v1/policies/" + (id.map { "\($0)/evaluate" } ?? "evaluate"), facts)
    }
}
