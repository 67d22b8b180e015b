import Glibc

/// Names a process for good: a number alone is another process after a while, or after a restart of the machine.
public struct ProcessIdentity: Codable, Hashable, Sendable {
    /// The process number, reused by the kernel.
    public var pid: Int32
    /// When it started, in clock ticks since boot.
    public var startTicks: UInt64
    /// The boot during which both of these mean something.
    public var bootID: String

    enum CodingKeys: String, CodingKey {
        case pid
        case startTicks = "start_ticks"
        case bootID = "boot_id"
    }

    /// Names a process from what a record says about it.
    public init(pid: Int32, startTicks: UInt64, bootID: String) {
        self.pid = pid
        self.startTicks = startTicks
        self.bootID = bootID
    }

    /// The process that has this number now, a zombie included; nil when there is none.
    public static func of(pid: Int32) -> ProcessIdentity? {
        guard let stat = ProcessStat.read(pid: pid) else { return nil }
        return ProcessIdentity(pid: pid, startTicks: stat.startTicks, bootID: BootClock.bootID)
    }

    /// This process.
    public static var current: ProcessIdentity {
        self.of(pid: getpid()) ?? ProcessIdentity(pid: getpid(), startTicks: 0, bootID: BootClock.bootID)
    }

    /// Whether exactly this process still runs; a zombie has ended.
    public var isAlive: Bool {
        guard self.bootID == BootClock.bootID, let stat = ProcessStat.read(pid: self.pid) else { return false }
        return stat.startTicks == self.startTicks && !stat.hasEnded
    }

    /// Whether exactly this process is there and held still by a stop signal, until somebody sends it `SIGCONT` or `SIGKILL`.
    public var isStopped: Bool {
        guard self.bootID == BootClock.bootID, let stat = ProcessStat.read(pid: self.pid) else { return false }
        return stat.startTicks == self.startTicks && stat.state == "T"
    }
}
