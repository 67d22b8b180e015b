public import OpsHTTP
public import OpsModel

/// Asks the injector to break something, to take it back, or to stop altogether.
///
/// A refusal is thrown as `RemoteError` with the injector's own code, such as `latched` or `too_many_faults`.
public struct ChaosClient: Sendable {
    let service: ServiceClient

    /// Talks to the injector behind this client; its key needs the scope `chaos`.
    public init(_ service: ServiceClient) { self.service = service }

    /// Talks to the injector at an address with a key.
    public init(base: String, key: String, http: HTTPClient = HTTPClient()) {
        self.init(ServiceClient(base: base, key: key, http: http))
    }

    /// What can be broken, with parameters and their limits.
    public func catalog() async throws -> [FaultOffer] { try await service.get("/catalog") }

    /// Begins a fault and returns once its effect has been read back; it is never sent twice.
    public func inject(_ fault: String, _ request: FaultRequest) async throws -> FaultRecord {
        try await service.post(try await path(of: fault), request, timeout: .seconds(40))
    }

    /// What a fault would do, or the refusal that it would get; nothing is done.
    public func preview(_ fault: String, _ request: FaultRequest) async throws -> FaultPreview {
        var request = request
        request.dryRun = true
        return try await service.post(try await path(of: fault), request, timeout: .seconds(20))
    }

    private func path(of fault: String) async throws -> String {
        guard let offer = try await catalog().first(where: { $0.fault == fault }) else {
            throw RemoteError(
                status: 404,
                code: "unknown_fault",
                message: "There is no fault \(fault).",
                hint: "See GET /catalog."
            )
        }
        return offer.path
    }

    /// The faults there are, or with `open: false` also those there were.
    public func faults(open: Bool = false) async throws -> [FaultRecord] {
        try await service.get(open ? "/faults?open=true" : "/faults")
    }

    /// One fault.
    public func fault(_ id: String) async throws -> FaultRecord { try await service.get("/faults/\(id)") }

    /// Takes a fault back and gives it as it then is: over, or waiting for what its `reason` says.
    ///
    /// Taking back what is over changes nothing, so it is repeated when no answer comes.
    public func revert(_ id: String) async throws -> FaultRecord {
        try await service.delete("/faults/\(id)", idempotencyKey: id, timeout: .seconds(10))
    }

    /// Stops every fault and lets no other begin.
    public func kill(reason: String, waitS: Double = 3) async throws -> KillReport {
        try await service.post("/kill?wait=\(waitS)", ["reason": reason], timeout: .seconds(Int64(waitS) + 5))
    }

    /// Whether the kill switch is on, and what is still open.
    public func killReport() async throws -> KillReport { try await service.get("/kill") }

    /// Lets faults begin again; refused while anything is unfinished, unless forced.
    public func resume(killID: String, reason: String, force: Bool = false) async throws -> KillReport {
        let body: [String: JSONValue] = ["kill_id": .string(killID), "reason": .string(reason), "force": .bool(force)]
        return try await service.post("/resume", body)
    }
}
