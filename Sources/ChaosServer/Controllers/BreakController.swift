import OpsHTTP
import OpsModel
import OpsTrust

/// `/break/*`: one route for each fault of the catalogue.
struct BreakController: Sendable {
    let injector: FaultInjector

    func install(in router: inout Router) {
        for description in FaultCatalog.descriptions { self.install(description, in: &router) }
    }

    private func install(_ description: FaultDescription, in router: inout Router) {
        router.post(
            description.path,
            summary: description.title,
            access: FaultController.scope,
            request: BreakForm.schema(of: description),
            form: BreakForm.formSchema(of: description),
            successStatus: 201,
            countedAs: "/break/{fault}"
        ) {
            [injector] request in
            let body = try Self.body(request, description)
            if body.dryRun == true {
                return .json(try await injector.preview(description.kind, body), message: "nothing was done")
            }
            return switch try await injector.inject(description.kind, body) {
            case .began(let record): .json(record, status: 201, message: "applied")
            case .known(let record): .json(record, message: "asked for before")
            }
        }
    }

    /// A member that nobody knows is a mistake in a request that breaks things, so it is refused.
    private static func body(_ request: HTTPRequest, _ description: FaultDescription) throws -> FaultRequest {
        let document =
            request.mediaType == Route.formType
            ? try BreakForm(description).document(try request.form()) : try request.json(JSONValue.self)
        let unknown = (document.objectValue ?? [:]).keys.filter { !BreakForm.members.contains($0) }.sorted()
        guard unknown.isEmpty else {
            throw ChaosError(
                .badParameter,
                "unknown members: \(unknown.joined(separator: ", "))",
                hint: "known are \(BreakForm.members.sorted().joined(separator: ", "))"
            )
        }
        var body: FaultRequest
        do { body = try document.decoded(as: FaultRequest.self) } catch { throw HTTPError(decoding: error) }
        guard body.leaseS.isFinite else { throw ChaosError(.badLease, "lease_s must be a number of seconds") }
        // Whoever scores runs asks for nothing that may be told.
        if body.open == true, body.aliasSeed != nil || request.principal?.name == "referee" {
            throw ChaosError(.badParameter, "open: a fault of a scored run is never open")
        }
        if let key = request.headers["Idempotency-Key"] { body.id = try Self.id(body.id, key, request.principal) }
        return body
    }

    /// The name that a fault has by its caller's key: the same for the same caller and key, and nothing to be guessed from.
    private static func id(_ given: String?, _ key: String, _ principal: Principal?) throws(ChaosError) -> String {
        guard given == nil else { throw ChaosError(.badParameter, "give either id or the header Idempotency-Key") }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ChaosError(.badParameter, "an Idempotency-Key has 1 to 255 visible ASCII characters")
        }
        return String(Digest.sha256("opslab/fault-id/1\0\(principal?.name ?? "")\0\(key)").hex.prefix(32))
    }
}
