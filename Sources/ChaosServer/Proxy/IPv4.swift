import Glibc
import OpsSystem

/// Sockets that never block.
enum IPv4 {
    private static let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    static let backlog: Int32 = 1_024

    /// A way and the address that it leads to, so that nobody has to ask for names who must not wait.
    struct Place: Codable, Hashable, Sendable {
        var way: Way
        /// In the order of the network.
        private var host: UInt32

        /// Asks whoever knows names, which may take a second.
        init(_ way: Way) throws(ChaosError) {
            var address = in_addr()
            guard let text = AddressBook.resolve(way.host).first, inet_pton(AF_INET, text, &address) == 1 else {
                throw ChaosError(
                    .badParameter,
                    "nobody is called \(way.host)",
                    hint: "an IPv4 address, or a name that has one"
                )
            }
            self.way = way
            self.host = address.s_addr
        }

        var address: sockaddr_in {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(self.way.port).bigEndian
            address.sin_addr.s_addr = self.host
            return address
        }
    }

    /// A listening socket, and the port that it got.
    static func listener(_ place: Place) throws(ChaosError) -> (descriptor: FileDescriptor, port: Int) {
        var address = place.address
        let descriptor = FileDescriptor(owning: socket(AF_INET, self.kind, 0))
        var isOn: Int32 = 1
        setsockopt(descriptor.raw, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = self.with(&address) {
            bind(descriptor.raw, $0, length) == 0 && listen(descriptor.raw, self.backlog) == 0
                && getsockname(descriptor.raw, $0, &length) == 0
        }
        guard isListening else {
            let reason = String(cString: strerror(errno))
            throw ChaosError(
                .conflict,
                "cannot listen at \(place.way): \(reason)",
                hint: "name another port, or 0 for any"
            )
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// The next caller; nil when nobody waits, or when there is no room for another one.
    static func accept(_ listener: Int32) -> FileDescriptor? {
        let raw = Glibc.accept(listener, nil, nil)
        guard raw >= 0 else { return nil }
        _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
        let descriptor = FileDescriptor(owning: raw)
        descriptor.setNonBlocking()
        return descriptor
    }

    /// A socket that is on its way; nil when it cannot even begin.
    static func connecting(to address: sockaddr_in) -> FileDescriptor? {
        let raw = socket(AF_INET, self.kind, 0)
        guard raw >= 0 else { return nil }
        let descriptor = FileDescriptor(owning: raw)
        var address = address
        let result = self.with(&address) { connect(raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        return result == 0 || errno == EINPROGRESS ? descriptor : nil
    }

    private static func with<Result>(
        _ address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
        }
    }
}
