import Glibc
import OpsSystem

/// A listening unix socket that only its owner may connect to.
final class UnixListener {
    private let descriptor: FileDescriptor
    private let path: String

    var fd: Int32 { self.descriptor.raw }

    /// Takes the path over from a listener that died; the caller has made sure that none lives.
    init(path: String) throws(ChaosError) {
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard raw >= 0 else { throw ChaosError(.busy, "no socket: \(String(cString: strerror(errno)))") }
        self.descriptor = FileDescriptor(owning: raw)
        self.path = path
        unlink(path)
        let previous = umask(0o177)
        defer { umask(previous) }
        guard UnixAddress.with(path, { bind(raw, $0, $1) }) == 0, listen(raw, 64) == 0 else {
            throw ChaosError(.busy, "cannot listen at \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { unlink(self.path) }

    /// The next caller with its identity; nil when nobody waits, or when it is another user's process.
    func accept() -> (socket: LineSocket, peer: PeerCredentials)? {
        let raw = Glibc.accept(self.fd, nil, nil)
        guard raw >= 0 else { return nil }
        _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
        let descriptor = FileDescriptor(owning: raw)
        guard let peer = PeerCredentials(socket: raw), peer.uid == geteuid() || peer.uid == 0 else { return nil }
        return (LineSocket(owning: descriptor), peer)
    }
}
