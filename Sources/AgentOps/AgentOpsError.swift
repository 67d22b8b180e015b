/// What went wrong while recording or reading records, and what to do about it.
public struct AgentOpsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of reasons; the same words stand in answers, logs and metric labels.
    public enum Code: String, Hashable, Sendable {
        case badRecord = "bad_record"
        case fenced = "recorder_fenced"
        case spoolFailed = "spool_failed"
        case spoolFull = "spool_full"
        case spoolInUse = "spool_in_use"
        case unreadable = "record_unreadable"
    }

    /// The reason as a word of the closed list.
    public var code: Code
    /// What happened and what to do.
    public var message: String

    /// An error with its reason and its sentence.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The reason and the sentence.
    public var description: String { "\(code.rawValue): \(message)" }
}
