import OpsHTTP

/// Lets each request wait for as long as the board says.
struct StrainDelay: Middleware {
    let board: StrainBoard

    func handle(_ request: HTTPRequest, route: Route, next: Route.Handler) async throws -> HTTPResponse {
        let delay = self.board.amount(.delay)
        if delay > 0 { try await Task.sleep(for: .milliseconds(delay)) }
        return try await next(request)
    }
}
