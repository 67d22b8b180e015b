import CLinux
import Glibc
import Synchronization

/// A process that we started and have to reap.
public final class ChildProcess: Sendable {
    /// Its name for good.
    public let identity: ProcessIdentity
    /// The hold on it: signals go through here.
    public let handle: ProcessHandle
    private let status = Mutex<ExitStatus?>(nil)

    /// Its number, ours until it is reaped.
    public var pid: Int32 { self.identity.pid }

    init(pid: Int32) throws(SystemError) {
        guard let identity = ProcessIdentity.of(pid: pid), let handle = ProcessHandle(identity) else {
            kill(pid, SIGKILL)
            throw SystemError(errno: errno, doing: "take hold of process \(pid)")
        }
        self.identity = identity
        self.handle = handle
    }

    /// A child that outlives us here is reaped when it ends, as nobody else may: its number would never be free again.
    deinit {
        guard self.reap() == nil else { return }
        let handle = self.handle
        Task.detached { if await handle.waitForExit(within: .seconds(31_536_000)) { _ = Self.collect(handle.fd) } }
    }

    /// Waits for the end without holding a thread; nil when the time is up.
    public func wait(within limit: Duration) async -> ExitStatus? {
        guard await self.handle.waitForExit(within: limit) else { return nil }
        return self.reap()
    }

    /// Waits for the end on this thread: for programs that have no tasks.
    public func waitBlocking(within limit: Duration) -> ExitStatus? {
        guard self.handle.waitForExitBlocking(within: limit) else { return nil }
        return self.reap()
    }

    /// Takes the exit status if the process has ended, without waiting; the same answer every time.
    @discardableResult
    public func reap() -> ExitStatus? {
        self.status.withLock { known in
            if known == nil { known = Self.collect(self.handle.fd) }
            return known
        }
    }

    /// Sends a signal to the whole group that the child leads.
    public func signalGroup(_ number: Int32) {
        guard self.status.withLock({ $0 == nil }) else { return }  // once reaped, the number may be somebody else's
        kill(-self.pid, number)
    }

    /// Asks with SIGTERM, insists with SIGKILL, and reaps.
    @discardableResult
    public func stop(grace: Duration = .seconds(3)) async -> ExitStatus? {
        self.handle.signal(SIGTERM)
        if let status = await self.wait(within: grace) { return status }
        self.signalGroup(SIGKILL)
        return await self.wait(within: .seconds(2))
    }

    private static func collect(_ fd: Int32) -> ExitStatus? {
        var code: Int32 = 0
        var status: Int32 = 0
        guard opslab_linux_pidfd_reap(fd, &code, &status) == 1 else { return nil }
        return code == Int32(CLD_EXITED) ? .exited(status) : .signalled(status)
    }
}
