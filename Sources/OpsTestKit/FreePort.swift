import Glibc
import Synchronization

/// Ports for servers that tests start.
///
/// They lie below those that the kernel gives to outgoing connections, so that no connection of another test takes one between
/// its choice and its use, and below those of labs. Each process begins at a place of its own.
public enum FreePort {
    private static let first = 12_000
    private static let count = 7_000
    private static let next = Atomic(Int(getpid()) &* 61 % count)

    /// A port at which nobody listens now, and that this process has not given away before.
    public static func take() -> Int {
        for _ in 0..<count {
            let number = next.add(1, ordering: .relaxed).oldValue
            let port = first + number % count
            if isFree(UInt16(port)) { return port }
        }
        preconditionFailure("no port between \(first) and \(first + count) is free")
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) == 0 }
        }
    }
}
