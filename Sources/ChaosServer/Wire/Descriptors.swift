import Glibc
import OpsSystem

/// Waiting on descriptors without tasks.
enum Descriptors {
    /// Whether the descriptor became ready in time.
    static func wait(_ fd: Int32, _ events: Int16, milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: fd, events: events, revents: 0)
        return retryInterrupted { poll(&entry, 1, milliseconds) } == 1
    }

    /// Those of the descriptors that are readable, hung up or broken.
    static func ready(_ fds: [Int32], milliseconds: Int32) -> Set<Int32> {
        var entries = fds.filter { $0 >= 0 }.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = poll(&entries, nfds_t(entries.count), milliseconds)
        return Set(entries.filter { $0.revents != 0 }.map(\.fd))
    }
}
