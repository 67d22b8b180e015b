/// Why there is no answer, or none that can be used.
public struct HTTPClientError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// Nobody answers at that address.
        case unreachable
        /// The time was up.
        case timedOut = "timed_out"
        /// The connection ended before the answer was complete; the server may have acted.
        case interrupted
        /// The own task was cancelled.
        case cancelled
        /// The answer is larger than the client takes.
        case answerTooLarge = "answer_too_large"
        /// The URL cannot be used.
        case badURL = "bad_url"
        /// The answer is not what was asked for.
        case badAnswer = "bad_answer"
        /// Anything else.
        case failed
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do.
    public let message: String
    /// The library's own words.
    public let cause: String

    /// Code, message and cause.
    public var description: String { "\(code.rawValue): \(message)\(cause.isEmpty ? "" : " (\(cause))")" }

    init(_ code: Code, _ message: String, cause: String = "") {
        self.code = code
        self.message = message
        self.cause = cause
    }
}
