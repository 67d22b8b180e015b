import CLinux
import Glibc
import OpsSystem

/// A connected socket on which messages arrive whole or not at all, each with at most one descriptor beside it.
///
/// For programs that have no tasks; one thread uses it.
final class PacketSocket {
    /// What a look found.
    enum Arrival {
        case packet([UInt8], FileDescriptor?)
        case nothing
        case closed
    }

    /// What became of a message.
    enum Sending { case sent, unread, closed }

    private static let longest = 8_192
    private let descriptor: FileDescriptor

    /// For polling.
    var fd: Int32 { self.descriptor.raw }

    init(owning descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Two ends of one connection: ours, and the one that a child gets.
    static func pair() throws(SystemError) -> (ours: PacketSocket, child: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw SystemError(errno: errno, doing: "make a pair of sockets")
        }
        return (PacketSocket(owning: FileDescriptor(owning: ends[0])), FileDescriptor(owning: ends[1]))
    }

    /// Sends one message; for a side that does not read it waits as long as it is told.
    @discardableResult
    func send(
        _ bytes: [UInt8],
        with descriptor: FileDescriptor? = nil,
        waitingMilliseconds: Int32 = 1_000
    ) -> Sending {
        while true {
            let count = opslab_linux_send_with(self.fd, bytes, bytes.count, descriptor?.raw ?? -1)
            if count == bytes.count { return .sent }
            if errno == EAGAIN {
                guard waitingMilliseconds > 0,
                    Descriptors.wait(self.fd, Int16(POLLOUT), milliseconds: waitingMilliseconds)
                else { return .unread }
            } else if errno != EINTR {
                return .closed
            }
        }
    }

    /// The next message, if there is one, without waiting.
    func receive() -> Arrival {
        var bytes = [UInt8](repeating: 0, count: Self.longest)
        while true {
            var beside: Int32 = -1
            let count = opslab_linux_receive_with(self.fd, &bytes, bytes.count, &beside)
            let descriptor = beside >= 0 ? FileDescriptor(owning: beside) : nil
            if count > 0 { return .packet(Array(bytes[..<count]), descriptor) }
            if count == 0 { return .closed }
            if errno != EINTR { return errno == EAGAIN ? .nothing : .closed }
        }
    }
}
