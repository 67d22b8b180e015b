import OpsHTTP
import OpsModel

/// Shows the referee what a frozen memory holds, so that a report can name it.
struct MemoryController: Sendable {
    var memory: IncidentMemory

    func register(in router: inout Router) {
        router.get(
            "/api/v1/memory",
            summary: "How much is remembered of incidents that ended before a moment, and its digest",
            access: .scope("referee"),
            handler: answering { request in
                guard let before = request[query: "before"].flatMap(Timestamp.init) else {
                    throw HTTPError.badRequest(
                        "bad_time",
                        "'before' is no RFC 3339 time.",
                        hint: "2026-01-31T12:00:00Z"
                    )
                }
                return .json(try await memory.seal(before: before))
            }
        )
    }
}
