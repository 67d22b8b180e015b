import Glibc
import OpsSystem

/// Talks to a supervisor like ``SupervisorClient``, for programs without tasks: each call holds its thread.
///
/// No call takes longer than its limit, whatever the supervisor does.
package struct BlockingSupervisorClient: Sendable {
    package let socket: String
    private let limit: Duration

    package init(socket: String, within limit: Duration = .seconds(5)) {
        self.socket = socket
        self.limit = limit
    }

    package func state(of program: String) throws(RuntimeError) -> ProgramState {
        try ProgramState(try self.call(.state(of: program)), about: program)
    }

    package func start(_ program: String) throws(RuntimeError) { _ = try self.call(.start(program)) }

    package func stop(_ program: String) throws(RuntimeError) { _ = try self.call(.stop(program)) }

    package func signal(_ program: String, _ name: String) throws(RuntimeError) {
        _ = try self.call(.signal(program, name))
    }

    private func call(_ order: SupervisorOrder) throws(RuntimeError) -> XMLRPCValue? {
        let answer: [UInt8]
        do throws(SystemError) { answer = try self.exchange(order.body) } catch {
            throw RuntimeError.silent(self.socket, error.message)
        }
        let text = String(decoding: answer, as: UTF8.self)
        guard let head = text.firstRange(of: "\r\n\r\n"), text.split(separator: " ").dropFirst().first == "200" else {
            throw RuntimeError(.supervisorRefused, "\(order.method): the supervisor answered without a value")
        }
        return try order.value(of: String(text[head.upperBound...]))
    }

    /// Reads to the end: a request of HTTP/1.0 is answered on a connection that is closed behind it.
    private func exchange(_ body: [UInt8]) throws(SystemError) -> [UInt8] {
        let end = BootClock.now() + self.limit.nanoseconds
        let connection = try FileDescriptor(connectingTo: self.socket)
        let head =
            "POST /RPC2 HTTP/1.0\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: \(body.count)\r\n\r\n"
        try connection.write(Array(head.utf8) + body, doing: "ask the supervisor")
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8_192)
        while true {
            try Self.awaitInput(connection, until: end)
            let count = retryInterrupted { read(connection.raw, &chunk, chunk.count) }
            guard count >= 0 else { throw SystemError(errno: errno, doing: "hear the supervisor") }
            if count == 0 { return answer }
            answer += chunk[..<count]
        }
    }

    private static func awaitInput(_ connection: FileDescriptor, until end: UInt64) throws(SystemError) {
        let now = BootClock.now()
        var entry = pollfd(fd: connection.raw, events: Int16(POLLIN), revents: 0)
        let left = now < end ? Int32(clamping: (end - now) / 1_000_000 + 1) : 0
        guard retryInterrupted({ poll(&entry, 1, left) }) == 1 else {
            throw SystemError(.timedOut, "no answer in time")
        }
    }
}
