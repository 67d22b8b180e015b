import OpsHTTP
import OpsPostgres

/// One closed list of words for how a call failed, the same in metrics, logs and probe results.
enum FailureCode {
    /// SQLSTATE where the server gave one; else `refused`, `timeout`, `reset`, `pool-timeout`, `cancelled` or `failed`.
    static func word(for error: any Error) -> String {
        switch error {
        case let error as PostgresError: word(for: error)
        case let error as HTTPClientError: word(for: error)
        case is CancellationError: "cancelled"
        default: "failed"
        }
    }

    private static func word(for error: PostgresError) -> String {
        if let state = error.sqlState { return state }
        switch error.code {
        case .poolExhausted: return "pool-timeout"
        case .timeout: return "timeout"
        case .unreachable: return error.isRefusal ? "refused" : "unreachable"
        case .connectionLost, .closed, .outcomeUnknown: return "reset"
        case .cancelled: return "cancelled"
        default: return "failed"
        }
    }

    private static func word(for error: HTTPClientError) -> String {
        switch error.code {
        case .unreachable: "refused"
        case .timedOut: "timeout"
        case .interrupted: "reset"
        case .cancelled: "cancelled"
        default: "failed"
        }
    }
}

extension PostgresError {
    /// Whether nobody listens where the server should be.
    var isRefusal: Bool { message.contains("refused") || message.contains("No such file") || sqlState == "57P03" }

    /// Whether the server does not take our name and password.
    var isUnauthorised: Bool {
        sqlState?.hasPrefix("28") ?? message.contains("password authentication failed")
    }
}
