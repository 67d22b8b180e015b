import Glibc
package import OpsSystem

/// One request over a unix socket that holds its thread, and never longer than its limit.
///
/// HTTP/1.0: the answer ends where its connection does.
package struct BlockingExchange: Sendable {
    /// What was answered.
    package struct Answer: Sendable {
        package var status: Int
        package var body: String
    }

    let socket: String
    let limit: Duration

    package init(socket: String, limit: Duration) {
        self.socket = socket
        self.limit = limit
    }

    package func get(_ path: String) throws(SystemError) -> Answer {
        try exchange(Array("GET \(path) HTTP/1.0\r\nHost: localhost\r\n\r\n".utf8))
    }

    package func post(_ path: String, _ body: [UInt8], type: String) throws(SystemError) -> Answer {
        let kind = body.isEmpty ? "" : "Content-Type: \(type)\r\n"
        let head = "POST \(path) HTTP/1.0\r\nHost: localhost\r\n\(kind)Content-Length: \(body.count)\r\n\r\n"
        return try exchange(Array(head.utf8) + body)
    }

    private func exchange(_ request: [UInt8]) throws(SystemError) -> Answer {
        let end = BootClock.now() + limit.nanoseconds
        let connection = try FileDescriptor(connectingTo: socket)
        try connection.write(request, doing: "ask at \(socket)")
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8_192)
        while true {
            try Self.awaitInput(connection, until: end)
            let count = retryInterrupted { read(connection.raw, &chunk, chunk.count) }
            guard count >= 0 else { throw SystemError(errno: errno, doing: "hear from \(socket)") }
            if count == 0 { return Self.answer(String(decoding: answer, as: UTF8.self)) }
            answer += chunk[..<count]
        }
    }

    /// An answer without a status, or without an end of its head, has status 0.
    private static func answer(_ text: String) -> Answer {
        let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0.prefix(3)) }
        guard let head = text.firstRange(of: "\r\n\r\n"), let status else { return Answer(status: 0, body: "") }
        return Answer(status: status, body: String(text[head.upperBound...]))
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
