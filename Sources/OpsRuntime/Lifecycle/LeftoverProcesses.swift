import Glibc
import OpsSystem

/// Processes of a lab that nobody supervises any more.
///
/// A process belongs to a lab when its program lies in the lab's own directory, or when it is a database server on the lab's
/// data. A person's pager on a log file is neither.
struct LeftoverProcesses {
    private static let patience: Duration = .seconds(8)
    let home: String

    /// Asks all to end, waits, and kills the rest; gives how many there were.
    func end() async -> Int {
        let handles = self.find().compactMap { pid in ProcessIdentity.of(pid: pid).flatMap(ProcessHandle.init) }
        for handle in handles {
            handle.signal(SIGCONT)  // a stopped process cannot hear
            handle.signal(self.isDatabase(handle.identity.pid) ? SIGINT : SIGTERM)
        }
        let end = BootClock.now() + UInt64(Self.patience.inSeconds * 1e9)
        for handle in handles {
            let now = BootClock.now()
            let left: Duration = now < end ? .nanoseconds(Int64(end - now)) : .zero
            if await !handle.waitForExit(within: left) {
                handle.signal(SIGKILL)
                _ = await handle.waitForExit(within: .seconds(2))
            }
        }
        return handles.count
    }

    func find() -> [Int32] {
        ProcessSample.allProcesses().filter { pid in
            pid != getpid() && (self.isProgram(pid) || self.isDatabase(pid))
        }
    }

    private func isProgram(_ pid: Int32) -> Bool {
        let programs = "\(self.home)/bin/"
        if FileSystem.linkTarget("/proc/\(pid)/exe")?.hasPrefix(programs) == true { return true }
        return ProcessSample.commandLine(pid: pid).contains { $0.hasPrefix(programs) }
    }

    /// The server itself; its children end with it.
    private func isDatabase(_ pid: Int32) -> Bool {
        let words = ProcessSample.commandLine(pid: pid)
        guard words.first?.hasSuffix("/postgres") == true else { return false }
        return words.contains("\(self.home)/target/pg") || words.contains("\(self.home)/lab/pg")
    }
}
