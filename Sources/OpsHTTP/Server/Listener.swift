import Glibc

/// A socket that listens, and the file it leaves behind when it is a unix socket.
struct Listener: Sendable {
    let descriptor: Int32
    let port: Int
    let path: String?

    init(_ place: HTTPServerConfiguration.Listen) throws(HTTPServerError) {
        switch place {
        case .tcp(let host, let port): self = try Self.tcp(host: host, port: port)
        case .unix(let path, let mode): self = try Self.unix(path: path, mode: mode)
        case .descriptor(let descriptor): self.init(descriptor, path: nil)
        }
    }

    private init(_ descriptor: Int32, path: String?) {
        self.descriptor = descriptor
        self.path = path
        port = Self.port(of: descriptor)
    }

    /// Refuses new clients at once; they would hang in the backlog of a socket that is merely no longer read.
    func refuse() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        if let path { unlink(path) }
    }

    private static func tcp(host: String, port: Int) throws(HTTPServerError) -> Listener {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | (host == "localhost" ? 0 : AI_NUMERICHOST)
        var found: UnsafeMutablePointer<addrinfo>?
        let name = host == "localhost" ? "127.0.0.1" : host.filter { $0 != "[" && $0 != "]" }
        guard getaddrinfo(name, String(port), &hints, &found) == 0, let address = found else {
            throw HTTPServerError(
                .badAddress,
                "\(host):\(port) is no address to listen at; give an IP address and a port."
            )
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(
            address.pointee.ai_family,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0
        )
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        let result = bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen)
        return try open(descriptor, bound: result, at: "\(host):\(port)", path: nil)
    }

    private static func unix(path: String, mode: UInt32) throws(HTTPServerError) -> Listener {
        guard var address = unixAddress(path) else {
            throw HTTPServerError(
                .badAddress,
                "The socket path is longer than 107 bytes: \(path). Choose a shorter directory."
            )
        }
        if isAnswering(address) { throw taken(path) }
        var found = stat()
        if lstat(path, &found) == 0 {
            guard found.st_mode & S_IFMT == S_IFSOCK else {
                throw HTTPServerError(.badAddress, "What lies at \(path) is no socket; choose another path.")
            }
            unlink(path)  // left over from a process that was killed
        }
        let descriptor = socket(
            AF_UNIX,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0
        )
        fchmod(descriptor, mode)  // before bind, so that the file never has wider permissions than these
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { chmod(path, mode) }
        return try open(descriptor, bound: result, at: path, path: path)
    }

    private static func open(
        _ descriptor: Int32,
        bound: Int32,
        at place: String,
        path: String?
    ) throws(HTTPServerError) -> Listener {
        if bound == 0, listen(descriptor, 512) == 0 { return Listener(descriptor, path: path) }
        let reason = errno
        close(descriptor)
        switch reason {
        case EADDRINUSE: throw taken(place)
        case EACCES, EPERM:
            throw HTTPServerError(.noPermission, "No permission to listen at \(place); choose another place or user.")
        default:
            throw HTTPServerError(.badAddress, "Cannot listen at \(place): \(String(cString: strerror(reason))).")
        }
    }

    private static func taken(_ place: String) -> HTTPServerError {
        HTTPServerError(.addressTaken, "Another process listens at \(place) already; stop it or choose another place.")
    }

    private static func unixAddress(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return address
    }

    private static func isAnswering(_ address: sockaddr_un) -> Bool {
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(probe) }
        return withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(probe, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        } == 0
    }

    private static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0, address.ss_family == sa_family_t(AF_INET) || address.ss_family == sa_family_t(AF_INET6)
        else {
            return 0
        }
        return withUnsafeBytes(of: &address) { Int($0[2]) << 8 | Int($0[3]) }  // sin_port and sin6_port stand alike
    }
}
