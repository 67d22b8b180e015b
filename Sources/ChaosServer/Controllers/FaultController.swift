import OpsHTTP
import OpsModel

/// `/faults` and `/catalog`.
struct FaultController: Sendable {
    static let scope = Access.scope("chaos")
    let injector: FaultInjector

    func install(in router: inout Router) {
        router.get("/catalog", summary: "What can be broken, and how.", access: Self.scope) { _ in
            .json(JSONValue.array(FaultCatalog.descriptions.map { $0.json }))
        }
        router.get("/faults", summary: "The faults there are and were.", access: Self.scope) { [injector] request in
            let run = request[query: "run"]
            let records = try injector.records().filter { run == nil || $0.run == run }
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
}
