/// Why the lab cannot be started, stopped or asked, and what to do about it.
public struct RuntimeError: Error, Sendable, CustomStringConvertible {
    /// The closed list of reasons.
    public enum Code: String, Sendable {
        case badApplication = "bad_application"
        case badName = "bad_name"
        case busy
        case clusterFailed = "cluster_failed"
        case componentFailed = "component_failed"
        case diskFull = "disk_full"
        case engineTooOld = "engine_too_old"
        case eventsLost = "events_lost"
        case imageMissing = "image_missing"
        case missingProgram = "missing_program"
        case missingUser = "missing_user"
        case noEngine = "no_engine"
        case noPermission = "no_permission"
        case notRunning = "not_running"
        case portTaken = "port_taken"
        case stateDamaged = "state_damaged"
        case supervisorRefused = "supervisor_refused"
        case supervisorUnreachable = "supervisor_unreachable"
        case timedOut = "timed_out"
        case unknownProgram = "unknown_program"
    }

    /// Why.
    public let code: Code
    /// What happened.
    public let message: String
    /// What to do.
    public let hint: String?

    /// An error with its way out.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message, then the hint on a line of its own.
    public var description: String { self.hint.map { "\(self.message)\nhint: \($0)" } ?? self.message }
}
