public import OpsHTTP
public import OpsModel

/// Calls ActionPlane: its catalogue, dry runs, and runs that a grant allows.
public struct ActionClient: Sendable {
    private let service: ServiceClient

    /// Talks to ActionPlane behind this client; its key needs the scope `act`.
    public init(_ service: ServiceClient) { self.service = service }

    /// Takes the address and the key of a principal with scope `act`.
    public init(base: String, key: String, http: HTTPClient = HTTPClient()) {
        self.init(ServiceClient(base: base, key: key, http: http))
    }

    /// The closed list of actions.
    public func catalogue() async throws -> [ActionDescription] { try await service.get("/catalog") }

    /// What an action would do now; nothing changes.
    public func plan(_ action: String, parameters: [String: JSONValue]) async throws -> ActionResult {
        let request = ActionRequest(parameters: parameters, dryRun: true)
        return try await service.post("/action/\(action)", request, timeout: .seconds(20))
    }

    /// Carries out what the grant allows.
    ///
    /// The same key with the same grant gives the same result, without a second effect.
    public func run(
        _ action: String,
        grant: String,
        parameters: [String: JSONValue] = [:],
        idempotencyKey: String,
        timeout: Duration = .seconds(120)
    ) async throws -> ActionResult {
        try await service.post(
            "/action/\(action)",
            ActionRequest(grant: grant, parameters: parameters),
            idempotencyKey: idempotencyKey,
            timeout: timeout
        )
    }

    /// How a run ended, or where it stands.
    public func result(of run: String) async throws -> ActionResult { try await service.get("/action/runs/\(run)") }
}
