import Glibc
import OpsSystem
import OpsTestKit
import Synchronization

/// A client's socket that waits for what it asks, three seconds at most.
final class TestSocket: Sendable {
    let descriptor: FileDescriptor

    /// Connects to this machine; nil when nobody listens.
    init?(port: Int) {
        let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = FileDescriptor(owning: raw)
        self.setPatience(3)
        var address = Self.address(port)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(raw, $0, 16) }
        }
        if result != 0 { return nil }
    }

    init(owning raw: Int32) { self.descriptor = FileDescriptor(owning: raw) }

    static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    func setPatience(_ seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(self.descriptor.raw, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.send(self.descriptor.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            done += count
        }
    }

    func finish() { shutdown(self.descriptor.raw, Int32(SHUT_WR)) }

    /// What comes, until there is so much, or the other side has finished.
    ///
    /// `error` is 0 when it has, and otherwise what the kernel says.
    func receive(_ most: Int) -> (bytes: [UInt8], error: Int32) {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < most {
            let count = recv(self.descriptor.raw, &chunk, min(chunk.count, most - bytes.count), 0)
            if count == 0 { return (bytes, 0) }
            if count < 0 { return (bytes, errno) }
            bytes += chunk[..<count]
        }
        return (bytes, 0)
    }

    /// One byte there and back; milliseconds, nil when it did not come.
    func roundTrip() -> Double? {
        let begin = BootClock.now()
        self.send([42])
        return self.receive(1).bytes == [42] ? Double(BootClock.now() - begin) / 1e6 : nil
    }
}

/// A server that sends back what it gets, or, when it is deaf, accepts and does nothing more.
final class EchoServer: Sendable {
    let port: Int
    private let listener: Int32
    private let kept = Mutex<[TestSocket]>([])

    init(isDeaf: Bool = false) {
        self.port = FreePort.take()
        self.listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = TestSocket.address(self.port)
        let descriptor = self.listener
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, 16) }
        }
        listen(descriptor, 512)
        startThread(named: "echo") { [self] in
            while true {
                let raw = accept(descriptor, nil, nil)
                guard raw >= 0 else { return }
                let client = TestSocket(owning: raw)
                if isDeaf {
                    self.kept.withLock { $0.append(client) }
                } else {
                    startThread(named: "echo") { Self.echo(client) }
                }
            }
        }
    }

    func stop() {
        shutdown(self.listener, Int32(SHUT_RDWR))
        close(self.listener)
        self.kept.withLock { $0 = [] }
    }

    private static func echo(_ client: TestSocket) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(client.descriptor.raw, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            client.send(Array(chunk[..<count]))
        }
        client.finish()
    }
}
