import CLinux
import Glibc

/// One open descriptor, closed when its owner goes.
package final class FileDescriptor: Sendable {
    package let raw: Int32

    package init(owning raw: Int32) { self.raw = raw }

    package init(opening path: String, _ flags: Int32, mode: UInt32 = 0o600) throws(SystemError) {
        let raw = retryInterrupted { open(path, flags | O_CLOEXEC, mode) }
        guard raw >= 0 else { throw SystemError(errno: errno, doing: "open \(path)") }
        self.raw = raw
    }

    deinit { close(self.raw) }

    /// Both ends of a pipe, neither inherited by children.
    package static func pipe() throws(SystemError) -> (read: FileDescriptor, write: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard opslab_linux_pipe(&ends) == 0 else { throw SystemError(errno: errno, doing: "open a pipe") }
        return (FileDescriptor(owning: ends[0]), FileDescriptor(owning: ends[1]))
    }

    /// Writes everything or throws; an interrupted or short write goes on where it stopped.
    package func write(_ bytes: [UInt8], doing: String) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                retryInterrupted { Glibc.write(self.raw, buffer.baseAddress.map { $0 + done }, buffer.count - done) }
            }
            guard count > 0 else { throw SystemError(errno: errno, doing: doing) }
            done += count
        }
    }

    package func sync(doing: String) throws(SystemError) {
        guard retryInterrupted({ fsync(self.raw) }) == 0 else { throw SystemError(errno: errno, doing: doing) }
    }

    package func setNonBlocking() {
        let flags = fcntl(self.raw, F_GETFL)
        _ = fcntl(self.raw, F_SETFL, flags | O_NONBLOCK)
    }
}

/// Repeats a system call that a signal interrupted before it did anything.
package func retryInterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result == -1, errno == EINTR { continue }
        return result
    }
}
