import OpsHTTP

/// Refuses every request of customers while the process is short of memory; what it is asked about itself it answers.
struct MemoryShedding: Middleware {
    let memory: MemoryGuard

    func handle(_ request: HTTPRequest, route: Route, next: Route.Handler) async throws -> HTTPResponse {
        if route.template.hasPrefix("/api/"), self.memory.isShort {
            throw HTTPError.unavailable("The shop has no memory left.", code: "memory_short")
        }
        return try await next(request)
    }
}
