internal import OpsHTTP
internal import OpsPostgres

extension ProbeWord {
    /// The word for a request that got no answer.
    init(_ error: HTTPClientError) {
        switch error.code {
        case .unreachable: self = .refused
        case .timedOut, .cancelled: self = .timeout
        case .interrupted: self = .reset
        default: self = .badAnswer
        }
    }

    /// The word for an answer.
    init(status: Int) {
        switch status {
        case 200..<400: self = .ok
        case 401, 403: self = .unauthorised
        default: self = .badAnswer
        }
    }

    /// The word for a question that PostgreSQL did not answer.
    init(_ error: PostgresError) {
        if let refusal = LoginRefusal(error) {
            self = refusal.word
            return
        }
        switch error.code {
        case .unreachable: self = .refused
        case .timeout, .cancelled: self = .timeout
        case .connectionLost, .closed, .outcomeUnknown: self = .reset
        default: self = .badAnswer
        }
    }
}
