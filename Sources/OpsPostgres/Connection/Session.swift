import CLibpq
import OpsSystem

/// The handle of libpq with its place in the poller.
///
/// `@unchecked Sendable`: every method is called while the connection's state is locked, and `finish` only once.
final class Session: @unchecked Sendable {
    let raw: OpaquePointer
    private var socket: Int32 = -1
    private var token: UInt64 = 0
    private var interest: Poller.Interest = .write
    private var handler: Poller.Handler = { _, _ in }

    private init(_ raw: OpaquePointer) { self.raw = raw }

    static func start(_ configuration: PostgresConfiguration, notices: NoticeSink) throws(PostgresError) -> Session {
        let parameters = configuration.parameters
        guard !parameters.contains(where: { $0.1.utf8.contains(0) }) else {
            throw PostgresError(.badSettings, "a setting for PostgreSQL contains NUL")
        }
        let keywords = CStrings(parameters.map(\.0))
        let values = CStrings(parameters.map(\.1))
        guard let raw = PQconnectStartParams(keywords.pointers, values.pointers, 0) else {
            throw PostgresError(.unreachable, "no memory for a connection")
        }
        let session = Session(raw)
        guard PQstatus(raw) != CONNECTION_BAD else {
            let error = session.error(.unreachable)
            PQfinish(raw)
            throw error
        }
        _ = PQsetNoticeReceiver(raw, noticeReceiver, Unmanaged.passUnretained(notices).toOpaque())
        return session
    }

    /// Starts to watch the socket; libpq wants to write first.
    func watch(_ handler: @escaping Poller.Handler) {
        self.handler = handler
        socket = PQsocket(raw)
        interest = .write
        token = Poller.shared.add(socket, .write, handler)
    }

    func want(_ interest: Poller.Interest) {
        guard PQsocket(raw) == socket else {  // libpq tries the next address on a new descriptor
            Poller.shared.remove(token, socket)
            socket = PQsocket(raw)
            self.interest = interest
            token = Poller.shared.add(socket, interest, handler)
            return
        }
        guard interest != self.interest else { return }
        self.interest = interest
        Poller.shared.change(token, socket, interest)
    }

    /// Leaves the poller and frees the handle.
    func finish() {
        if token != 0 { Poller.shared.remove(token, socket) }
        PQfinish(raw)
    }

    func send(_ sql: String, _ values: [PostgresValue]) throws(PostgresError) {
        let texts = values.map(\.wireText)
        guard !sql.utf8.contains(0), texts.allSatisfy({ !($0?.utf8.contains(0) ?? false) }) else {
            throw PostgresError(.badParameter, "text for PostgreSQL cannot hold NUL")
        }
        guard values.count <= 65_535 else { throw PostgresError(.badParameter, "\(values.count) values are too many") }
        let copies = CStrings(texts)
        let count = Int32(values.count)
        guard PQsendQueryParams(raw, sql, count, nil, copies.pointers, nil, nil, 0) == 1 else {
            throw error(.connectionLost)
        }
        flush()
    }

    func send(script: String) throws(PostgresError) {
        guard !script.utf8.contains(0) else { throw PostgresError(.badParameter, "a script cannot hold NUL") }
        guard PQsendQuery(raw, script) == 1 else { throw error(.connectionLost) }
        flush()
    }

    /// Hands libpq everything that a COPY sends; libpq keeps what the socket does not take yet.
    func sendCopy(_ data: [UInt8]) {
        let isAccepted = data.withUnsafeBytes { bytes in
            PQputCopyData(raw, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count)) == 1
        }
        PQputCopyEnd(raw, isAccepted ? nil : "the data were too large")
        flush()
    }

    func refuseCopy() {
        PQputCopyEnd(raw, "use copyIn for COPY")
        flush()
    }

    /// Writes what is pending and asks the poller for the rest.
    func flush() { want(PQflush(raw) == 1 ? [.read, .write] : .read) }

    func error(_ code: PostgresError.Code) -> PostgresError {
        let text = String(cString: PQerrorMessage(raw))
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let message = line.isEmpty ? "the server closed the connection" : line
        return PostgresError(code, message, sqlState: FatalMessage.sqlState(in: line))
    }
}
