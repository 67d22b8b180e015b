import Glibc
import OpsModel
import OpsSystem

/// A connected socket on which both sides send JSON documents, one per line.
///
/// For programs that have no tasks: sending waits at most a second, receiving as long as the caller says. One thread uses it.
final class LineSocket {
    /// What a read found.
    enum Arrival {
        case messages([Message])
        case nothing
        case closed
    }

    private static let longestLine = 1 << 20
    private let descriptor: FileDescriptor
    private var buffer: [UInt8] = []
    private var waiting: [Message] = []

    /// Whether all has been read and the other side is gone: nothing will come any more.
    private(set) var isClosed = false

    /// For polling.
    var fd: Int32 { self.descriptor.raw }

    init(owning descriptor: FileDescriptor) {
        self.descriptor = descriptor
        descriptor.setNonBlocking()
    }

    /// Connects to a unix socket.
    convenience init(connectingTo path: String) throws(ChaosError) {
        let descriptor: FileDescriptor
        do throws(SystemError) { descriptor = try FileDescriptor(connectingTo: path) } catch {
            throw ChaosError(.busy, "nobody answers at \(path): \(error.message)")
        }
        self.init(owning: descriptor)
    }

    /// Two ends of one connection: ours, and the one that a child gets.
    static func pair() throws(ChaosError) -> (ours: LineSocket, child: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw ChaosError(.busy, "no socket pair: \(String(cString: strerror(errno)))")
        }
        return (LineSocket(owning: FileDescriptor(owning: ends[0])), FileDescriptor(owning: ends[1]))
    }

    /// Sends one message; false when the other side is gone or does not read.
    @discardableResult
    func send(_ message: Message) -> Bool {
        guard let body = try? OpsJSON.encode(message) else { return false }  // our own types always have a JSON text
        let bytes = body + [UInt8(ascii: "\n")]
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.send(self.fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                guard Descriptors.wait(self.fd, Int16(POLLOUT), milliseconds: 1_000) else { return false }
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Takes in what has arrived, without waiting.
    func receive() -> Arrival {
        var isClosed = false
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while self.buffer.count < Self.longestLine {
            let count = Glibc.recv(self.fd, &chunk, chunk.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                self.buffer += chunk[..<count]
            } else if count < 0, errno == EINTR {
                continue
            } else {
                isClosed = count == 0 || errno != EAGAIN
                break
            }
        }
        let messages = self.takeMessages()
        if !messages.isEmpty { return .messages(messages) }
        self.isClosed = isClosed || self.buffer.count >= Self.longestLine
        return self.isClosed ? .closed : .nothing
    }

    /// Waits for the next message that is no heartbeat; nil when the other side is gone or the time is up.
    func next(within limit: Duration) -> Message? {
        let end = BootClock.now() + limit.nanoseconds
        while true {
            while !self.waiting.isEmpty {
                let message = self.waiting.removeFirst()
                if message.kind != .beat { return message }
            }
            switch self.receive() {
            case .messages(let messages): self.waiting += messages
            case .closed: return nil
            case .nothing:
                let now = BootClock.now()
                guard now < end else { return nil }
                let left = Int32(clamping: (end - now) / 1_000_000 + 1)
                _ = Descriptors.wait(self.fd, Int16(POLLIN), milliseconds: left)
            }
        }
    }

    private func takeMessages() -> [Message] {
        var messages: [Message] = []
        while let end = self.buffer.firstIndex(of: UInt8(ascii: "\n")) {
            let line = self.buffer[..<end]
            // What is no message of ours is dropped: both ends are this program.
            if let message = try? OpsJSON.decode(Message.self, from: line) { messages.append(message) }
            self.buffer.removeSubrange(...end)
        }
        return messages
    }
}
