import Glibc

extension FileDescriptor {
    /// Connects to a unix socket that somebody listens at.
    package convenience init(connectingTo path: String) throws(SystemError) {
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SystemError(errno: errno, doing: "make a socket") }
        self.init(owning: raw)
        guard UnixAddress.with(path, { connect(raw, $0, $1) }) == 0 else {
            throw SystemError(errno: errno, doing: "connect to \(path)")
        }
    }
}
