import CLibpq
import Glibc
import OpsSystem

/// A session for programs that have no tasks: every call holds its thread, and none longer than its deadline.
///
/// A missed deadline closes the session, because nobody can know any more what it is doing.
/// It is not `Sendable`: one thread uses it.
public final class SynchronousPostgresConnection {
    private var raw: OpaquePointer?
    private let notices: NoticeSink

    /// The process id of the session on the server.
    public private(set) var backendPID: Int32 = 0

    /// The socket, for a caller that polls several descriptors; -1 once closed.
    public var socket: Int32 { self.raw.map { PQsocket($0) } ?? -1 }

    /// Opens a session within the configuration's `connectTimeout`.
    public init(_ configuration: PostgresConfiguration) throws(PostgresError) {
        Environment.clear()
        self.notices = NoticeSink(configuration.onNotice)
        let keywords = CStrings(configuration.parameters.map(\.0))
        let values = CStrings(configuration.parameters.map(\.1))
        guard let raw = PQconnectStartParams(keywords.pointers, values.pointers, 0) else {
            throw PostgresError(.unreachable, "no memory for a connection")
        }
        self.raw = raw
        _ = PQsetNoticeReceiver(raw, noticeReceiver, Unmanaged.passUnretained(self.notices).toOpaque())
        do throws(PostgresError) {
            try self.finishConnecting(raw, until: BootClock.now() + configuration.connectTimeout.nanoseconds)
        } catch {
            self.close()
            throw error
        }
        self.backendPID = PQbackendPID(raw)
    }

    deinit { self.close() }

    /// Ends the session.
    public func close() {
        if let raw = self.raw.take() { PQfinish(raw) }
    }

    /// Runs one statement with its values and gives back its rows.
    @discardableResult
    public func query(
        _ sql: String,
        _ values: [PostgresValue] = [],
        within limit: Duration = .seconds(3)
    ) throws(PostgresError) -> PostgresRows {
        guard let raw = self.raw else { throw PostgresError(.closed, "the connection was closed") }
        do throws(PostgresError) {
            return try self.exchange(raw, sql, values, until: BootClock.now() + limit.nanoseconds)
        } catch {
            if error.sqlState == nil || error.isConnectionFailure { self.close() }
            throw error
        }
    }

    /// Takes in what the server sent by itself; false when it has ended the session.
    public func isAlive() -> Bool {
        guard let raw = self.raw else { return false }
        let isReadable = Self.poll(PQsocket(raw), Int16(POLLIN), milliseconds: 0)
        if isReadable, PQconsumeInput(raw) == 0 { return false }
        return PQstatus(raw) == CONNECTION_OK
    }

    /// The verifier that the server would store for this password, so that the password itself is never sent.
    public func scramVerifier(password: String, user: String) throws(PostgresError) -> String {
        guard let raw = self.raw else { throw PostgresError(.closed, "the connection was closed") }
        guard let text = PQencryptPasswordConn(raw, password, user, "scram-sha-256") else {
            throw self.error(raw, .unsupported)
        }
        defer { PQfreemem(text) }
        return String(cString: text)
    }

    private func finishConnecting(_ raw: OpaquePointer, until end: UInt64) throws(PostgresError) {
        var step = PGRES_POLLING_WRITING
        while step != PGRES_POLLING_OK {
            guard step != PGRES_POLLING_FAILED, PQstatus(raw) != CONNECTION_BAD else {
                throw self.error(raw, .unreachable)
            }
            try self.wait(raw, Int16(step == PGRES_POLLING_READING ? POLLIN : POLLOUT), until: end)
            step = PQconnectPoll(raw)
        }
        PQsetnonblocking(raw, 1)
    }

    private func exchange(
        _ raw: OpaquePointer,
        _ sql: String,
        _ values: [PostgresValue],
        until end: UInt64
    ) throws(PostgresError) -> PostgresRows {
        let texts = CStrings(values.map(\.wireText))
        guard PQsendQueryParams(raw, sql, Int32(values.count), nil, texts.pointers, nil, nil, 0) == 1 else {
            throw self.error(raw, .connectionLost)
        }
        while PQflush(raw) == 1 { try self.wait(raw, Int16(POLLOUT | POLLIN), until: end) }
        var last: PostgresResult?
        while true {
            while PQisBusy(raw) == 1 {
                try self.wait(raw, Int16(POLLIN), until: end)
                guard PQconsumeInput(raw) == 1 else { throw self.error(raw, .connectionLost) }
            }
            guard let result = PQgetResult(raw) else { break }
            last = PostgresResult(result)
        }
        if let failure = last?.error { throw failure }
        return PostgresRows(last)
    }

    private func wait(_ raw: OpaquePointer, _ events: Int16, until end: UInt64) throws(PostgresError) {
        let now = BootClock.now()
        let left = now < end ? Int32(clamping: (end - now) / 1_000_000 + 1) : 0
        guard left > 0, Self.poll(PQsocket(raw), events, milliseconds: left) else {
            throw PostgresError(.timeout, "the server did not answer in time")
        }
    }

    private static func poll(_ socket: Int32, _ events: Int16, milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: socket, events: events, revents: 0)
        return retryInterrupted { Glibc.poll(&entry, 1, milliseconds) } == 1
    }

    private func error(_ raw: OpaquePointer, _ code: PostgresError.Code) -> PostgresError {
        let text = String(cString: PQerrorMessage(raw)).split(whereSeparator: \.isNewline).joined(separator: " ")
        let message = text.isEmpty ? "the server closed the connection" : text
        return PostgresError(code, message, sqlState: FatalMessage.sqlState(in: text))
    }
}
