import Glibc
import OpsSystem
import Synchronization

/// A server that reads each request and then behaves as badly as it is told; it counts what reached it.
final class ScriptedServer: Sendable {
    enum Act: Sendable {
        case answer(String)
        case hangUp
        case silence
    }

    let port: Int
    private let listener: Int32
    private let seen = Mutex<[(head: String, caller: String)]>([])
    private let acts: @Sendable (Int) -> Act

    /// `acts` says what happens to the n-th request, counted from 1 over all connections.
    init(_ acts: @escaping @Sendable (Int) -> Act) throws {
        self.acts = acts
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        port = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length)
                listen(descriptor, 64)
                getsockname(descriptor, $0, &length)
            }
            return Int(UInt16(bigEndian: $0.pointee.sin_port))
        }
        startThread(named: "scripted") { [self] in acceptClients() }
    }

    /// The heads of all requests received.
    var requests: [String] { seen.withLock { $0.map(\.head) } }
    /// The addresses that they came from.
    var callers: [String] { seen.withLock { $0.map(\.caller) } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func acceptClients() {
        while true {
            let client = accept(listener, nil, nil)
            if client < 0 { break }
            startThread(named: "scripted") { [self] in serve(client) }
        }
        close(listener)
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        let caller = peer(of: client)
        while let head = readHead(client) {
            let number = seen.withLock { seen in
                seen.append((head, caller))
                return seen.count
            }
            switch acts(number) {
            case .hangUp: return
            case .silence:
                var byte: UInt8 = 0
                _ = recv(client, &byte, 1, 0)
                return
            case .answer(let text): _ = send(client, text, text.utf8.count, Int32(MSG_NOSIGNAL))
            }
        }
    }

    private func peer(of client: Int32) -> String {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(client, $0, &length) }
        }
        let number = UInt32(bigEndian: address.sin_addr.s_addr)
        let parts = [24, 16, 8, 0].map { String(number >> UInt32($0) & 255) }
        return result == 0 ? parts.joined(separator: ".") : "nobody"
    }

    private func readHead(_ client: Int32) -> String? {
        var text = ""
        var byte: UInt8 = 0
        while !text.hasSuffix("\r\n\r\n") {
            guard recv(client, &byte, 1, 0) == 1 else { return nil }
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return text
    }
}

extension ScriptedServer.Act {
    /// A complete answer that keeps the connection.
    static func status(_ status: Int, _ body: String = "{}", fields: String = "") -> ScriptedServer.Act {
        .answer("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)")
    }
}
