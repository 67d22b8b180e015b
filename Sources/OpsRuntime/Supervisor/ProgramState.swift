/// What a supervisor says about one of its programs.
public struct ProgramState: Sendable, Equatable {
    /// Supervisor's states.
    public enum Phase: String, Sendable {
        case stopped = "STOPPED"
        case starting = "STARTING"
        case running = "RUNNING"
        case backoff = "BACKOFF"
        case stopping = "STOPPING"
        case exited = "EXITED"
        case fatal = "FATAL"
        case unknown = "UNKNOWN"
    }

    /// The program's name.
    public let name: String
    /// Where it is in its life.
    public let phase: Phase
    /// Its process; nil when there is none.
    public let pid: Int32?
    /// When it was last started, in seconds since 1970; nil when never.
    public let started: Int?
    /// When it last ended, in seconds since 1970; nil when never.
    public let ended: Int?
    /// The code it last ended with, or minus the signal.
    public let exitStatus: Int

    /// Whether there is a process that is meant to stay.
    public var isUp: Bool { self.phase == .running || self.phase == .starting }

    init?(_ value: XMLRPCValue) {
        guard let name = value["name"]?.text, let phase = value["statename"]?.text else { return nil }
        self.name = name
        self.phase = Phase(rawValue: phase) ?? .unknown
        self.pid = (value["pid"]?.number).flatMap { $0 > 0 ? Int32($0) : nil }
        self.started = (value["start"]?.number).flatMap { $0 > 0 ? $0 : nil }
        self.ended = (value["stop"]?.number).flatMap { $0 > 0 ? $0 : nil }
        self.exitStatus = value["exitstatus"]?.number ?? 0
    }
}
