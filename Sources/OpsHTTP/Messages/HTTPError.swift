public import OpsModel

/// A refusal or failure as its caller will read it: `{error, code, details: {hint}}` under an HTTP status.
///
/// Throw it from a route. The message says what happened and the hint what to do; neither carries a secret, SQL or a body.
public struct HTTPError: Error, Sendable, Hashable {
    /// The HTTP status, 400 to 599.
    public var status: Int
    /// The word that programs compare; the same in answers, logs and metric labels.
    public var code: String
    /// What happened, for people.
    public var message: String
    /// What the caller can do about it.
    public var hint: String?
    /// More facts, as members of `details`.
    public var details: JSONValue?
    /// Seconds after which another try makes sense, sent as `Retry-After`.
    public var retryAfter: Int?
    /// Extra fields of the answer, such as `Allow`.
    public var headers: HTTPHeaders

    /// Describes a refusal.
    public init(
        status: Int,
        code: String,
        message: String,
        hint: String? = nil,
        details: JSONValue? = nil,
        retryAfter: Int? = nil,
        headers: HTTPHeaders = [:]
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
        self.retryAfter = retryAfter
        self.headers = headers
    }
}

extension HTTPError: CustomStringConvertible {
    /// Code and message, safe to log and to send.
    public var description: String { "\(code): \(message)" }
}

extension HTTPError {
    /// 400: the request cannot be read.
    public static func badRequest(_ code: String = "bad_request", _ message: String, hint: String? = nil) -> HTTPError {
        HTTPError(status: 400, code: code, message: message, hint: hint)
    }

    /// 401: no key, or none that is known.
    public static func unauthorized(_ message: String) -> HTTPError {
        HTTPError(
            status: 401,
            code: "unauthorized",
            message: message,
            hint: "Send the key as `Authorization: Bearer KEY` or `X-API-Key: KEY`.",
            headers: ["WWW-Authenticate": "Bearer"]
        )
    }

    /// 403: a known caller may not do this.
    public static func forbidden(_ code: String = "forbidden", _ message: String, hint: String? = nil) -> HTTPError {
        HTTPError(status: 403, code: code, message: message, hint: hint)
    }

    /// 404: there is no such thing.
    public static func notFound(_ message: String, code: String = "not_found", hint: String? = nil) -> HTTPError {
        HTTPError(status: 404, code: code, message: message, hint: hint)
    }

    /// 409: the state of things does not allow it.
    public static func conflict(_ code: String = "conflict", _ message: String, hint: String? = nil) -> HTTPError {
        HTTPError(status: 409, code: code, message: message, hint: hint)
    }

    /// 422: readable, but the content is not acceptable.
    public static func unprocessable(
        _ message: String,
        code: String = "unprocessable",
        hint: String? = nil,
        details: JSONValue? = nil
    ) -> HTTPError {
        HTTPError(status: 422, code: code, message: message, hint: hint, details: details)
    }

    /// 429: too many requests from this caller.
    public static func tooMany(_ message: String, retryAfter: Int) -> HTTPError {
        HTTPError(
            status: 429,
            code: "too_many_requests",
            message: message,
            hint: "Wait for the seconds in Retry-After.",
            retryAfter: retryAfter
        )
    }

    /// 503: not now.
    public static func unavailable(
        _ message: String,
        code: String = "unavailable",
        hint: String? = nil,
        retryAfter: Int = 1
    ) -> HTTPError {
        HTTPError(status: 503, code: code, message: message, hint: hint, retryAfter: retryAfter)
    }
}
