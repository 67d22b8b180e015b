import OpsModel

/// What the gate asks of the other services; each call goes over HTTP and may fail.
struct Peers: Sendable {
    /// Answers reads, in their order.
    var read: @Sendable (ReadRequest) async throws -> ReadReply
    var searchRunbooks: @Sendable (_ query: String, _ limit: Int) async throws -> [RunbookHit]
    /// One runbook as a document with its text and the line numbers of its parts.
    var runbook: @Sendable (_ id: String) async throws -> JSONValue
    var view: @Sendable () async throws -> AgentView
    var journeys: @Sendable (_ since: Timestamp) async throws -> [JourneyStatus]
    var catalogue: @Sendable () async throws -> [ActionDescription]
    var plan: @Sendable (_ action: String, _ parameters: [String: JSONValue]) async throws -> ActionPlan
    var act: @Sendable (OutboxCommand) async throws -> ActionResult
}
