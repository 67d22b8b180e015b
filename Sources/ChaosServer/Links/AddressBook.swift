import Glibc
import Synchronization

/// The IPv4 addresses of names, asked for anew now and then by whoever has the time.
///
/// The name of a container that is down is an unknown one, and to be told so may take a second: whoever is asked to close a way
/// takes what is known.
final class AddressBook: Sendable {
    private let known = Mutex<[String: [String]]>([:])

    /// Asks only for a name that nobody asked for before; none when nobody had it the last time.
    func addresses(of host: String) -> [String] {
        if let addresses = self.known.withLock({ $0[host] }) { return addresses }
        let addresses = Self.resolve(host)
        self.known.withLock { $0[host] = addresses }
        return addresses
    }

    /// Asks for all names again.
    func refresh() {
        for host in self.known.withLock({ Array($0.keys) }) {
            let addresses = Self.resolve(host)
            // A container that starts again mostly gets the address it had.
            if !addresses.isEmpty { self.known.withLock { $0[host] = addresses } }
        }
    }

    /// Asks whoever knows names; none when nobody is called so.
    static func resolve(_ host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [String] = []
        var next = list
        while let entry = next {
            let address = self.text(entry.pointee)
            if let address, !found.contains(address) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func text(_ entry: addrinfo) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let (length, size) = (entry.ai_addrlen, socklen_t(text.count))
        guard getnameinfo(entry.ai_addr, length, &text, size, nil, 0, NI_NUMERICHOST) == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
