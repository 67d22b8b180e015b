import OpsModel

/// A request that passed the server's checks, as a route sees it.
public struct HTTPRequest: Sendable {
    /// The method; an unknown one never reaches a route.
    public var method: HTTPMethod
    /// The path with its escapes decoded, without the query.
    public var path: String
    /// What stood in the `{places}` of the route's template.
    public var parameters: [String: String] = [:]
    /// The query in the order written, decoded.
    public var query: [(name: String, value: String)] = []
    /// The header fields.
    public var headers: HTTPHeaders
    /// The whole body, within the server's limit.
    public var body: [UInt8]
    /// Who asks; nil on routes that are open to everybody.
    public var principal: Principal?
    /// The name of this request in answers and logs.
    public var requestID: String
    /// The request's place in a distributed trace.
    public var traceParent: TraceParent

    /// Builds a request by hand, as tests do; `target` is a path with an optional query.
    public init(
        _ method: HTTPMethod,
        _ target: String,
        headers: HTTPHeaders = [:],
        body: [UInt8] = []
    ) throws(HTTPError) {
        self.init(method, try RequestTarget(target), headers: headers, body: body)
    }

    init(_ method: HTTPMethod, _ target: RequestTarget, headers: HTTPHeaders, body: [UInt8]) {
        self.method = method
        path = target.path
        query = target.query
        self.headers = headers
        self.body = body
        requestID = RequestID.accept(headers["X-Request-Id"])
        traceParent = headers["traceparent"].flatMap(TraceParent.init)?.child() ?? TraceParent()
    }

    /// The first value of a query member.
    public subscript(query name: String) -> String? { query.first { $0.name == name }?.value }

    /// A place of the template; 404 when the route has none of that name.
    public func parameter(_ name: String) throws(HTTPError) -> String {
        guard let value = parameters[name] else { throw .notFound("The path has no part called \(name).") }
        return value
    }

    /// A query member as a whole number within bounds, or the default when it is missing.
    public func integer(query name: String, default fallback: Int, in bounds: ClosedRange<Int>) throws(HTTPError) -> Int
    {
        guard let text = self[query: name] else { return fallback }
        guard let number = Int(text), bounds.contains(number) else {
            throw .unprocessable(
                "The query member \(name) has to be a whole number.",
                code: "bad_query",
                hint: "Give \(name) a value from \(bounds.lowerBound) to \(bounds.upperBound)."
            )
        }
        return number
    }

    /// The body as a value: 400 when it is no JSON, 422 when the JSON has another shape.
    public func json<Value: Decodable>(_ type: Value.Type) throws(HTTPError) -> Value {
        guard !body.isEmpty else {
            throw .badRequest("body_missing", "The request has no body.", hint: "Send a JSON object.")
        }
        do {
            return try OpsJSON.decode(type, from: body)
        } catch {
            throw HTTPError(decoding: error)
        }
    }
}
