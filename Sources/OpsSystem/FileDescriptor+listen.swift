import Glibc

extension FileDescriptor {
    /// Listens at a unix socket, whose path it takes over from whoever listened there before.
    package convenience init(listeningAt path: String, mode: UInt32) throws(SystemError) {
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard raw >= 0 else { throw SystemError(errno: errno, doing: "make a socket") }
        self.init(owning: raw)
        unlink(path)
        guard UnixAddress.with(path, { bind(raw, $0, $1) }) == 0, chmod(path, mode) == 0, listen(raw, 64) == 0 else {
            throw SystemError(errno: errno, doing: "listen at \(path)")
        }
    }
}
