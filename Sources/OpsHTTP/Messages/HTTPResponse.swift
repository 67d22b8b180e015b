import OpsModel

/// What a route answers.
public struct HTTPResponse: Sendable {
    /// The payload of an answer.
    public enum Body: Sendable {
        /// All of it, at once.
        case bytes([UInt8])
        /// Events as they happen, until the stream is finished or the reader leaves.
        case stream(EventStream)
    }

    /// The HTTP status.
    public var status: Int
    /// The header fields; the server adds the ones that every answer has.
    public var headers: HTTPHeaders
    /// The payload.
    public var body: Body

    /// An answer of any kind.
    public init(status: Int, headers: HTTPHeaders = [:], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The bytes of a body that is no stream.
    public var bytes: [UInt8] {
        guard case .bytes(let bytes) = body else { return [] }
        return bytes
    }
}

extension HTTPResponse {
    /// Success in the house's envelope, `{data, message}`.
    public static func json(_ data: some Encodable, status: Int = 200, message: String = "ok") -> HTTPResponse {
        plainJSON(Envelope(data: data, message: message), status: status)
    }

    /// JSON without an envelope, for documents whose shape somebody else has fixed.
    public static func plainJSON(_ document: some Encodable, status: Int = 200) -> HTTPResponse {
        do {
            let bytes = try OpsJSON.encode(document)
            return HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: .bytes(bytes))
        } catch {
            return .error(HTTPError(status: 500, code: "unencodable", message: "The answer cannot be written as JSON."))
        }
    }

    /// Plain text.
    public static func text(
        _ text: String,
        status: Int = 200,
        type: String = "text/plain; charset=utf-8"
    ) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": type], body: .bytes(Array(text.utf8)))
    }

    /// A page for people, which may load nothing from elsewhere and cannot be framed.
    public static func html(_ page: String, status: Int = 200) -> HTTPResponse {
        var response = HTTPResponse.text(page, status: status, type: "text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] =
            "default-src 'none'; style-src 'self' 'unsafe-inline'; connect-src 'self'; form-action 'self'; "
            + "frame-ancestors 'none'; base-uri 'none'"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
    }

    /// Failure in the house's envelope, `{error, code, details: {hint}}`.
    public static func error(_ error: HTTPError) -> HTTPResponse {
        var details = error.details?.objectValue ?? [:]
        if let facts = error.details, facts.objectValue == nil { details["value"] = facts }
        if let hint = error.hint { details["hint"] = .string(hint) }
        var response = plainJSON(
            ["error": .string(error.message), "code": .string(error.code), "details": .object(details)] as JSONValue,
            status: error.status
        )
        for field in error.headers { response.headers.add(field.name, field.value) }
        if let seconds = error.retryAfter { response.headers["Retry-After"] = String(seconds) }
        response.headers["X-Error-Code"] = error.code
        return response
    }

    /// Server-sent events, written by `produce` until it returns or the reader leaves.
    ///
    /// `limit` bytes may wait for a slow reader; beyond it `send` waits and `offer` refuses. `produce` runs in a task of its
    /// own, which is cancelled when the reader leaves or the server drains.
    public static func events(
        limit: Int = 65_536,
        _ produce: @escaping @Sendable (EventStream) async -> Void
    ) -> HTTPResponse {
        let headers: HTTPHeaders = ["Content-Type": "text/event-stream", "X-Accel-Buffering": "no"]
        return HTTPResponse(status: 200, headers: headers, body: .stream(EventStream(limit: limit, producer: produce)))
    }
}

/// The shape of every success.
struct Envelope<Payload: Encodable>: Encodable {
    var data: Payload
    var message: String
}
