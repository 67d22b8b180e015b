/// What went wrong with a key, a grant, a digest or a key file, and what to do about it.
public struct TrustError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of reasons; the same words stand in answers, logs and metric labels.
    public enum Code: String, Hashable, Sendable {
        case audienceMismatch = "audience_mismatch"
        case badKey = "bad_key"
        case badSignature = "bad_signature"
        case expired
        case fileUnreadable = "file_unreadable"
        case fileUnsafe = "file_unsafe"
        case instanceMismatch = "instance_mismatch"
        case kindMismatch = "kind_mismatch"
        case malformed
        case notYetValid = "not_yet_valid"
        case unknownKey = "unknown_key"
    }

    /// The reason as a word of the closed list.
    public var code: Code
    /// What happened and what to do, safe to show and to log.
    public var message: String

    /// An error with its reason and its sentence.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The reason and the sentence; no secret ever stands in either.
    public var description: String { "\(code.rawValue): \(message)" }
}
