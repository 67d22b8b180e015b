import Glibc

/// What the kernel says about one process at one moment.
public struct ProcessSample: Sendable, Equatable {
    /// The scheduler's letter: `R`, `S`, `D`, `T` (stopped), `Z` (zombie).
    public var state: Character
    /// The process that started it, or that inherited it.
    public var parent: Int32
    /// User and kernel time together, in clock ticks.
    public var cpuTicks: UInt64
    /// Resident memory.
    public var rssBytes: UInt64
    /// When it started, in clock ticks since boot.
    public var startTicks: UInt64
    /// Time spent runnable without a processor, summed over the main thread; 0 when the kernel does not say.
    public var runQueueWaitNanoseconds: UInt64
    /// Threads, the main one included.
    public var threads: Int
    /// Open descriptors; nil when we may not look.
    public var fdCount: Int?

    /// Clock ticks in a second.
    public static let ticksPerSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

    /// Reads a sample; nil when there is no such process.
    public static func read(pid: Int32) -> ProcessSample? {
        guard let stat = ProcessStat.read(pid: pid) else { return nil }
        return ProcessSample(
            state: stat.state,
            parent: stat.parent,
            cpuTicks: stat.cpuTicks,
            rssBytes: Self.bytes(pages: stat.rssPages),
            startTicks: stat.startTicks,
            runQueueWaitNanoseconds: self.runQueueWait(pid: pid),
            threads: stat.threads,
            fdCount: self.openDescriptors(pid: pid)
        )
    }

    /// Resident memory alone, for whoever asks often; nil when there is no such process.
    public static func residentBytes(pid: Int32) -> UInt64? {
        ProcessStat.read(pid: pid).map { Self.bytes(pages: $0.rssPages) }
    }

    /// Open descriptors alone; nil when there is no such process, or when we may not look.
    ///
    /// Since Linux 6.2 the size of the directory is their number, for everybody to see; before that whoever may lists them.
    public static func openDescriptors(pid: Int32) -> Int? {
        var status = stat()
        guard stat("/proc/\(pid)/fd", &status) == 0 else { return nil }
        if status.st_size > 0 { return Int(status.st_size) }
        return (try? FileSystem.list("/proc/\(pid)/fd"))?.count  // hidden for other users' processes
    }

    /// The numbers of all processes that we can see.
    public static func allProcesses() -> [Int32] {
        ((try? FileSystem.list("/proc")) ?? []).compactMap { Int32($0) }.sorted()  // no /proc: no processes
    }

    /// The program and its arguments; empty for a zombie, a kernel thread or a process that has gone.
    public static func commandLine(pid: Int32) -> [String] {
        guard let bytes = try? FileSystem.read("/proc/\(pid)/cmdline", limit: 65_536) else { return [] }  // gone
        return bytes.split(separator: 0, omittingEmptySubsequences: true).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func bytes(pages: Int) -> UInt64 { UInt64(max(0, pages)) * UInt64(sysconf(Int32(_SC_PAGESIZE))) }

    private static func runQueueWait(pid: Int32) -> UInt64 {
        guard let bytes = try? FileSystem.read("/proc/\(pid)/schedstat", limit: 256) else {
            return 0  // a kernel option
        }
        let fields = bytes.split(separator: UInt8(ascii: " "))
        return fields.count > 1 ? UInt64(String(decoding: fields[1], as: UTF8.self)) ?? 0 : 0
    }
}
