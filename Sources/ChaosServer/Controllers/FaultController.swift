import OpsHTTP
import OpsModel

/// `/break/*`, `/faults` and `/catalog`.
struct FaultController: Sendable {
    static let scope = Access.scope("chaos")
    let injector: FaultInjector

    func install(in router: inout Router) {
        for description in FaultCatalog.descriptions { self.installBreak(description, in: &router) }
        router.get("/catalog", summary: "What can be broken, and how.", access: Self.scope) { _ in
            .json(JSONValue.array(FaultCatalog.descriptions.map { $0.json }))
        }
        router.get("/faults", summary: "The faults there are and were.", access: Self.scope) { [injector] request in
            let records = try injector.records()
            return .json(request[query: "open"] == "true" ? records.filter { $0.endedAt == nil } : records)
        }
        router.get("/faults/{id}", summary: "One fault.", access: Self.scope) { [injector] request in
            .json(try injector.record(try request.parameter("id")))
        }
        router.delete(
            "/faults/{id}",
            summary: "Takes a fault back, and says honestly how far that went.",
            access: Self.scope
        ) {
            [injector] request in .json(try await injector.end(try request.parameter("id")))
        }
    }

    private func installBreak(_ description: FaultDescription, in router: inout Router) {
        let schema: JSONValue = [
            "type": "object", "additionalProperties": false, "required": ["target", "lease_s"],
            "properties": [
                "target": ["type": "string", "description": "the component to break"],
                "instance": ["type": "string", "description": "one instance or provider of it"],
                "roles": ["type": "object", "additionalProperties": ["type": "string"]],
                "with": description.schema,
                "lease_s": ["type": "number", "minimum": .double(Admission.shortestS)],
                "run": ["type": "string"],
                "alias_seed": ["type": "integer", "description": "the catalogue's names are exchanged by this"],
            ],
        ]
        router.post(
            description.path,
            summary: description.title,
            access: Self.scope,
            request: schema,
            successStatus: 201,
            countedAs: "/break/{fault}"
        ) {
            [injector] request in
            let body = try Self.body(request)
            return .json(try await injector.inject(description.kind, body), status: 201, message: "applied")
        }
    }

    /// A member that nobody knows is a mistake in a request that breaks things, so it is refused.
    private static func body(_ request: HTTPRequest) throws -> FaultRequest {
        let known: Set<String> = ["target", "instance", "roles", "with", "lease_s", "run", "alias_seed"]
        let document = try request.json(JSONValue.self)
        let unknown = (document.objectValue ?? [:]).keys.filter { !known.contains($0) }.sorted()
        guard unknown.isEmpty else {
            throw ChaosError(
                .badParameter,
                "unknown members: \(unknown.joined(separator: ", "))",
                hint: "known are \(known.sorted().joined(separator: ", "))"
            )
        }
        let body = try request.json(FaultRequest.self)
        guard body.leaseS.isFinite else { throw ChaosError(.badLease, "lease_s must be a number of seconds") }
        return body
    }
}
