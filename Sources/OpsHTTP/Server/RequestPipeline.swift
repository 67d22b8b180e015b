import OpsModel
import OpsService
import OpsSystem

/// The way of a request from its checks to its answer, the same whether it came over a socket or from a test.
struct RequestPipeline: Sendable {
    var router: Router
    var rules: BrowserRules
    var authenticator: any Authenticator
    var acceptsBasicKeys = false
    var rateLimit: RateLimiter?
    var jsonDepthLimit: Int
    var logger: Logger
    var metrics: RequestMetrics
    /// What the `Date` of answers says; nil leaves it to the library.
    var date: @Sendable () -> Timestamp? = { nil }
    var isDraining: @Sendable () -> Bool

    /// Makes a request of what stood on the wire.
    func read(method: String, target: String, headers: HTTPHeaders, body: [UInt8]) throws(HTTPError) -> HTTPRequest {
        let target = try RequestTarget(target)
        guard let method = HTTPMethod(rawValue: method) else {
            throw HTTPError(status: 405, code: "method_not_allowed", message: "This method is not known here.")
        }
        return HTTPRequest(method, target, headers: headers, body: body)
    }

    /// Never fails: whatever goes wrong becomes an answer.
    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let start = ContinuousClock.now
        metrics.begin()
        let context = RequestContext(requestID: request.requestID, traceParent: request.traceParent)
        let (route, response) = await RequestContext.$current.withValue(context) {
            await TraceContext.$traceID.withValue(context.traceParent.traceID) { await answer(request) }
        }
        let elapsed = ContinuousClock.now - start
        let template = route?.template ?? RequestMetrics.unmatched
        metrics.end(request.method, route?.countedAs ?? template, response.status, elapsed)
        log(request, template, response, elapsed)
        return finished(response, requestID: request.requestID)
    }

    /// The answer to a request that no route may see.
    func refusal(_ error: HTTPError, method: String, headers: HTTPHeaders) -> HTTPResponse {
        metrics.refused(HTTPMethod(rawValue: method), error.status)
        return finished(.error(error), requestID: RequestID.accept(headers["X-Request-Id"]))
    }

    private func answer(_ request: HTTPRequest) async -> (route: Route?, HTTPResponse) {
        var found: Route?
        do {
            try rules.check(request.method, request.headers)
            let (route, parameters) = try find(request)
            found = route
            var request = request
            request.parameters = parameters
            try RequestBody.check(request, route, depth: jsonDepthLimit)
            request.principal = try await admit(request, route)
            return (route, try await handler(of: route)(request))
        } catch {
            return (found, .error(describe(error)))
        }
    }

    private func find(_ request: HTTPRequest) throws(HTTPError) -> (Route, [String: String]) {
        switch router.match(request.method, path: request.path) {
        case .route(let route, let parameters): return (route, parameters)
        case .wrongMethod(let allowed):
            let list = allowed.map(\.rawValue).joined(separator: ", ")
            throw HTTPError(
                status: 405,
                code: "method_not_allowed",
                message: "\(request.method.rawValue) is not possible on this path.",
                hint: "Use \(list).",
                headers: ["Allow": list]
            )
        case .nothing:
            throw .notFound("There is nothing at this path.", hint: "GET /openapi.json lists every route.")
        }
    }

    private func admit(_ request: HTTPRequest, _ route: Route) async throws -> Principal? {
        if route.access == .open { return nil }
        guard let key = try PresentedKey.read(request.headers, acceptsBasic: acceptsBasicKeys) else {
            throw HTTPError.unauthorized("This route needs a key.")
        }
        guard let principal = try await authenticator.authenticate(key: key) else {
            throw HTTPError.unauthorized("The key is not known, or no longer valid.")
        }
        if case .scope(let scope) = route.access, !principal.scopes.contains(scope) {
            throw HTTPError.forbidden(
                "missing_scope",
                "The key lacks the scope \(scope).",
                hint: "Use a key issued with that scope."
            )
        }
        if let wait = rateLimit?.take(principal.name) {
            let seconds = Int(wait.inSeconds.rounded(.up))
            throw HTTPError.tooMany("Too many requests with this key.", retryAfter: max(1, seconds))
        }
        return principal
    }

    private func handler(of route: Route) -> Route.Handler {
        router.middleware.reversed().reduce(route.handler) { next, layer in
            { request in try await layer.handle(request, route: route, next: next) }
        }
    }

    private func describe(_ error: any Error) -> HTTPError {
        if let known = error as? HTTPError ?? router.describe(error) { return known }
        if error is CancellationError {
            return isDraining()
                ? .unavailable("The service is shutting down.", code: "draining")
                : HTTPError(status: 499, code: "client_left", message: "The client left before the answer was ready.")
        }
        logger.error("request failed unexpectedly", ["error": .string("\(error)")])
        return HTTPError(
            status: 500,
            code: "internal_error",
            message: "The service failed at this request.",
            hint: "Its log has the cause under this X-Request-Id."
        )
    }

    private func finished(_ response: HTTPResponse, requestID: String) -> HTTPResponse {
        var response = response
        response.headers["X-Request-Id"] = requestID
        response.headers["X-Content-Type-Options"] = "nosniff"
        if response.headers["Cache-Control"] == nil { response.headers["Cache-Control"] = "no-store" }
        if let moment = date() { response.headers["Date"] = HTTPDate.text(moment) }
        if isDraining() { response.headers["Connection"] = "close" }
        return response
    }

    private func log(_ request: HTTPRequest, _ template: String, _ response: HTTPResponse, _ elapsed: Duration) {
        let level: LogLevel = response.status >= 500 ? .warning : .debug
        guard level >= logger.level else { return }
        var facts: [String: JSONValue] = [
            "http.method": .string(request.method.rawValue), "http.route": .string(template),
            "http.status": .int(response.status), "http.request_id": .string(request.requestID),
            "trace_id": .string(request.traceParent.traceID), "duration_ms": .double(elapsed.inSeconds * 1_000),
        ]
        if let code = response.headers["X-Error-Code"] { facts["code"] = .string(code) }
        logger.log(level, "request answered", facts)
    }
}
