import CLibpq
import OpsSystem
import Synchronization

/// One session with a server, driven by the poller's thread and never blocking one of ours.
///
/// It carries one statement at a time. A missed deadline or a cancelled task closes it, because nobody can know any more
/// what the session is doing; the pool then opens another.
public final class PostgresConnection: Sendable {
    /// The process id of the session on the server, for comparing with `pg_stat_activity`.
    public var backendPID: Int32 { state.withLock { $0.backendPID } }

    /// Whether the connection is of no use any more.
    public var isClosed: Bool { state.withLock { $0.session == nil } }

    /// Whether a transaction is open or failed on it.
    public var isInTransaction: Bool {
        state.withLock { $0.session.map { PQtransactionStatus($0.raw) != PQTRANS_IDLE } ?? false }
    }

    let state = Mutex(State())
    private let notices: NoticeSink

    private init(_ notices: NoticeSink) { self.notices = notices }

    deinit {
        state.withLock { state in
            if let session = state.session { session.finish() }
            state.session = nil
        }
    }

    /// Opens a session; every waiting is bounded by the configuration's `connectTimeout`.
    public static func connect(
        _ configuration: PostgresConfiguration
    ) async throws(PostgresError) -> PostgresConnection {
        Environment.clear()
        let connection = PostgresConnection(NoticeSink(configuration.onNotice))
        let limit = configuration.connectTimeout
        let what = "\(configuration) did not accept a connection within \(limit.inSeconds) s"
        _ = try await connection.perform(within: limit, late: what) { connection, state throws(PostgresError) in
            try connection.start(configuration, &state)
        }
        return connection
    }

    /// Runs one statement with its values and gives back its rows.
    ///
    /// - Important: `limit` is the client's deadline. The server's own limit is the configuration's `statementTimeout`.
    @discardableResult
    public func query(
        _ sql: String,
        _ values: [PostgresValue] = [],
        within limit: Duration = .seconds(5)
    ) async throws(PostgresError) -> PostgresRows {
        try await perform(within: limit) { _, state throws(PostgresError) in
            try state.send { session throws(PostgresError) in try session.send(sql, values) }
        }
    }

    /// Runs several statements without values, as one implicit transaction unless they say otherwise.
    public func execute(script: String, within limit: Duration = .seconds(30)) async throws(PostgresError) {
        try await perform(within: limit) { _, state throws(PostgresError) in
            try state.send { session throws(PostgresError) in try session.send(script: script) }
        }
    }

    /// Loads rows by COPY and gives back how many there were.
    @discardableResult
    public func copyIn(
        _ table: String,
        columns: [String],
        rows: [[PostgresValue]],
        within limit: Duration = .seconds(30)
    ) async throws(PostgresError) -> Int {
        let lines = rows.map(PostgresText.copyLine).joined()
        guard !lines.utf8.contains(0) else { throw PostgresError(.badParameter, "text for PostgreSQL cannot hold NUL") }
        let statement = "COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN"
        let answer = try await perform(within: limit) { _, state throws(PostgresError) in
            state.operation?.copyData = Array(lines.utf8)
            try state.send { session throws(PostgresError) in try session.send(script: statement) }
        }
        return answer.affected
    }

    /// Subscribes to a channel; the stream ends when the connection does.
    public func listen(_ channel: String) async throws(PostgresError) -> AsyncStream<PostgresNotification> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: PostgresNotification.self,
            bufferingPolicy: .bufferingNewest(1_024)
        )
        state.withLock { $0.listeners[channel, default: []].append(continuation) }
        do {
            try await query("LISTEN \"\(channel.replacing("\"", with: "\"\""))\"")
        } catch {
            continuation.finish()
            throw error
        }
        return stream
    }

    /// The verifier that the server would store for this password, so that the password itself is never sent.
    public func scramVerifier(password: String, user: String) throws(PostgresError) -> String {
        let made: Result<String, PostgresError> = state.withLock { state in
            guard let session = state.session else { return .failure(state.closedError) }
            guard let text = PQencryptPasswordConn(session.raw, password, user, "scram-sha-256") else {
                return .failure(session.error(.unsupported))
            }
            defer { PQfreemem(text) }
            return .success(String(cString: text))
        }
        return try made.get()
    }

    /// Ends the session; a statement in flight fails with `closed`.
    public func close() { finish(PostgresError(.closed, "the connection was closed")) }

    private func start(_ configuration: PostgresConfiguration, _ state: inout State) throws(PostgresError) {
        let session = try Session.start(configuration, notices: notices)
        session.watch { [weak self] readable, writable in self?.ready(readable, writable) }
        state.session = session
        state.isConnecting = true
    }
}
