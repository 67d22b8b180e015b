/// Something that stands around the handlers of a service, after the server's own checks.
public protocol Middleware: Sendable {
    /// Answers by itself, or passes the request on and may change the answer.
    func handle(_ request: HTTPRequest, route: Route, next: Route.Handler) async throws -> HTTPResponse
}
