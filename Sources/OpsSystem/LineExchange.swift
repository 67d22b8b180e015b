import Glibc

/// A connection to a unix socket at which every line is answered by a line; it holds its thread while it waits.
///
/// What is asked for over it may end with it, so whoever wants it to last keeps it open.
package final class LineExchange {
    private static let longestLine = 65_536
    private let descriptor: FileDescriptor
    private let path: String
    private var buffer: [UInt8] = []

    /// Connects; a socket file without a listener is refused at once.
    package init(connectingTo path: String) throws(SystemError) {
        self.path = path
        self.descriptor = try FileDescriptor(connectingTo: path)
        self.descriptor.setNonBlocking()
    }

    /// Sends one line, without its end, and waits for the answer.
    ///
    /// - Throws: `timedOut` when the other side says nothing, another code when it is gone: then nothing more can be asked here.
    package func ask(_ line: [UInt8], within limit: Duration) throws(SystemError) -> [UInt8] {
        let bytes = line + [UInt8(ascii: "\n")]
        let sent = send(self.descriptor.raw, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard sent == bytes.count else {
            throw SystemError(errno: sent < 0 ? errno : EPIPE, doing: "ask at \(self.path)")
        }
        let end = BootClock.now() + limit.nanoseconds
        while true {
            if let answer = self.takeLine() { return answer }
            try self.awaitInput(until: end)
            var chunk = [UInt8](repeating: 0, count: 8_192)
            let count = retryInterrupted { recv(self.descriptor.raw, &chunk, chunk.count, 0) }
            guard count > 0, self.buffer.count < Self.longestLine else {
                throw SystemError(errno: count < 0 ? errno : EPIPE, doing: "hear from \(self.path)")
            }
            self.buffer += chunk[..<count]
        }
    }

    private func takeLine() -> [UInt8]? {
        guard let end = self.buffer.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { self.buffer.removeSubrange(...end) }
        return Array(self.buffer[..<end])
    }

    private func awaitInput(until end: UInt64) throws(SystemError) {
        let now = BootClock.now()
        var entry = pollfd(fd: self.descriptor.raw, events: Int16(POLLIN), revents: 0)
        let left = now < end ? Int32(clamping: (end - now) / 1_000_000 + 1) : 0
        guard retryInterrupted({ poll(&entry, 1, left) }) == 1 else {
            throw SystemError(.timedOut, "no answer in time from \(self.path)")
        }
    }
}
