/// Why a server could not begin to listen.
public struct HTTPServerError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// Somebody else listens there.
        case addressTaken = "address_taken"
        /// This user may not listen there.
        case noPermission = "no_permission"
        /// The address or socket path cannot be used.
        case badAddress = "bad_address"
        /// The system refused for another reason.
        case startFailed = "start_failed"
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do.
    public let message: String

    /// Code and message.
    public var description: String { "\(code.rawValue): \(message)" }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
