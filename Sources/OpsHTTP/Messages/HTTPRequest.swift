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

    /// The media type of the body, in small letters and without parameters; empty when the request names none.
    public var mediaType: String {
        let type = (headers["Content-Type"] ?? "").split(separator: ";", maxSplits: 1).first ?? ""
        return type.filter { $0 != " " && $0 != "\t" }.lowercased()
    }

    /// The members of a form (`application/x-www-form-urlencoded`) by name, values as text.
    ///
    /// 400 for a broken escape, a name given twice, which means something else to each reader, and more than `limit` members.
    public func form(limit: Int = 64) throws(HTTPError) -> [String: String] {
        guard !body.isEmpty else {
            throw .badRequest("body_missing", "The request has no body.", hint: "Send a form.")
        }
        guard let text = String(validating: body, as: UTF8.self), let pairs = URLEncodedMembers.parse(text[...]) else {
            throw .badRequest("malformed_form", "The form holds a broken escape.", hint: "Escape values as URLs do.")
        }
        guard pairs.count <= limit else {
            throw .badRequest("form_too_long", "The form has more than \(limit) members.")
        }
        var members: [String: String] = [:]
        for (name, value) in pairs where members.updateValue(value, forKey: name) != nil {
            throw .badRequest("repeated_member", "A member of the form is given twice.", hint: "Give each one once.")
        }
        return members
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
