import CLinux
import Glibc

/// A hold on one process that cannot be confused by a reused number: a process descriptor whose start time was verified.
public final class ProcessHandle: Sendable {
    /// The process held.
    public let identity: ProcessIdentity
    private let descriptor: FileDescriptor

    /// The process descriptor: readable once the process has ended, closed with the handle.
    public var fd: Int32 { self.descriptor.raw }

    /// Takes hold of a process; nil when exactly that process does not exist any more.
    public init?(_ identity: ProcessIdentity) {
        let raw = opslab_linux_pidfd_open(identity.pid)
        guard raw >= 0 else { return nil }
        self.descriptor = FileDescriptor(owning: raw)
        self.identity = identity
        // Only after the descriptor is open does the start time prove whose descriptor it is.
        guard ProcessIdentity.of(pid: identity.pid) == identity else { return nil }
    }

    /// Sends a signal; false when the process has ended or the kernel refuses.
    @discardableResult
    public func signal(_ number: Int32) -> Bool { opslab_linux_pidfd_signal(self.fd, number) == 0 }

    /// Whether the process has ended, reaped or not.
    public var hasExited: Bool { self.poll(milliseconds: 0) }

    /// Waits for the end without holding a thread; false when the time is up.
    public func waitForExit(within limit: Duration) async -> Bool {
        if self.hasExited { return true }
        return await Poller.shared.wait(self.fd, .read, within: limit) || self.hasExited
    }

    /// Waits for the end on this thread: for programs that have no tasks.
    public func waitForExitBlocking(within limit: Duration) -> Bool {
        let end = BootClock.now() + limit.nanoseconds
        while true {
            let now = BootClock.now()
            guard now < end else { return self.hasExited }
            if self.poll(milliseconds: Int32(clamping: (end - now) / 1_000_000 + 1)) { return true }
        }
    }

    private func poll(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: self.fd, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&entry, 1, milliseconds) == 1 && entry.revents != 0
    }
}
