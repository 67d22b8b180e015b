public import OpsModel

/// Another service's refusal or failure, as it put it.
public struct RemoteError: Error, Sendable, CustomStringConvertible {
    /// The HTTP status.
    public var status: Int
    /// The word that programs compare.
    public var code: String
    /// What happened.
    public var message: String
    /// What to do about it.
    public var hint: String?
    /// The other members of `details`.
    public var details: JSONValue?
    /// Seconds after which another try makes sense.
    public var retryAfter: Int?

    /// Describes a refusal, for doubles of a service in tests.
    public init(status: Int, code: String, message: String, hint: String? = nil, details: JSONValue? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
    }

    /// Reads the error envelope; an answer without one, such as a proxy's, is described by its status alone.
    init(_ response: HTTPClientResponse) {
        // Anything may stand in a failed answer.
        let envelope = try? OpsJSON.decode(JSONValue.self, from: response.body)
        self.init(
            status: response.status,
            code: envelope?["code"]?.stringValue ?? "http_\(response.status)",
            message: envelope?["error"]?.stringValue ?? "The service answered with status \(response.status).",
            hint: envelope?.at("details.hint")?.stringValue,
            details: envelope?["details"]
        )
        retryAfter = response.headers["Retry-After"].flatMap { Int($0) }
    }

    /// Status, code and message.
    public var description: String { "\(status) \(code): \(message)" }
}
