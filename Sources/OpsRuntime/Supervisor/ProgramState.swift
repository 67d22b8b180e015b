public import OpsSystem

/// What a supervisor, or an engine, says about one of its programs.
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
    /// What an engine says about ``isPaused``; a supervisor knows nothing of it.
    var pauseOfEngine: Bool?
    /// What its health check finds; nil where nobody checks.
    public internal(set) var health: ContainerHealth?
    private let incarnation: ProcessIdentity?

    /// Which process runs; nil when none does.
    ///
    /// That of a container can be compared with another of the same engine; it is nobody's in `/proc`.
    public var identity: ProcessIdentity? {
        if let incarnation { return incarnation }
        // A process that ended between the answer and our look has no identity any more, and that is the truth.
        return pid.flatMap { ProcessIdentity.of(pid: $0) }.flatMap { $0.isAlive ? $0 : nil }
    }

    /// Whether its process is there and held still from outside: by an engine, or by a stop signal.
    ///
    /// Whoever supervises it calls it running all the same.
    public var isPaused: Bool { self.pauseOfEngine ?? self.identity?.isStopped ?? false }

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
        self.incarnation = nil
    }

    init(
        name: String,
        phase: Phase,
        pid: Int32?,
        started: Int?,
        ended: Int?,
        exitStatus: Int,
        incarnation: ProcessIdentity?
    ) {
        self.name = name
        self.phase = phase
        self.pid = pid
        self.started = started
        self.ended = ended
        self.exitStatus = exitStatus
        self.incarnation = incarnation
    }
}
