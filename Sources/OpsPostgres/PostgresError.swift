/// What went wrong between us and PostgreSQL, and what to do about it.
public struct PostgresError: Error, Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The closed list of reasons; the same words stand in answers, logs and metric labels.
    public enum Code: String, Hashable, Sendable {
        case badParameter = "postgres_bad_parameter"
        case badSettings = "postgres_bad_settings"
        case badValue = "postgres_bad_value"
        case busy = "postgres_connection_busy"
        case cancelled = "postgres_cancelled"
        case closed = "postgres_closed"
        case connectionLost = "postgres_connection_lost"
        case migrationDrift = "migration_drift"
        case migrationUnknown = "migration_unknown"
        case outcomeUnknown = "postgres_outcome_unknown"
        case poolExhausted = "postgres_pool_exhausted"
        case statementFailed = "postgres_statement_failed"
        case timeout = "postgres_timeout"
        case transactionAborted = "postgres_transaction_aborted"
        case unreachable = "postgres_unreachable"
        case unsupported = "postgres_unsupported"
    }

    /// The reason as a word of the closed list.
    public var code: Code
    /// What happened; free of statements and their values.
    public var message: String
    /// The server's five-letter code, when the server answered.
    public var sqlState: String?
    /// The constraint that was violated, when there is one.
    public var constraint: String?
    /// The server's detail, which may quote a row; for logs of ours only.
    public var detail: String?

    /// An error with its reason and its sentence.
    public init(
        _ code: Code,
        _ message: String,
        sqlState: String? = nil,
        constraint: String? = nil,
        detail: String? = nil
    ) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.constraint = constraint
        self.detail = detail
    }

    /// The reason, the sentence and the server's code.
    public var description: String {
        "\(code.rawValue): \(message)" + (sqlState.map { " (SQLSTATE \($0))" } ?? "")
    }

    /// The description and the server's detail.
    public var debugDescription: String { description + (detail.map { "; \($0)" } ?? "") }
}

extension PostgresError {
    /// Whether the server broke the connection or could not be reached, so that another connection may do better.
    public var isConnectionFailure: Bool {
        switch code {
        case .closed, .connectionLost, .outcomeUnknown, .timeout, .unreachable: true
        default: sqlState.map { $0.hasPrefix("57P") || $0.hasPrefix("08") } ?? false
        }
    }
}
