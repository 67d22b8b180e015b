import OpsHTTP
import OpsPostgres

/// What asking a dependency whether it is there came to, in a closed list of words.
enum ProbeResult: String, Sendable, CaseIterable {
    case ok
    case refused
    case timeout
    case reset
    case unauthorised
    case badAnswer = "bad-answer"

    /// Sorts a failure into the list.
    init(_ error: any Error) {
        if let error = error as? PostgresError, error.isUnauthorised {
            self = .unauthorised
            return
        }
        self =
            switch FailureCode.word(for: error) {
            case "refused", "unreachable", "57P03": .refused
            case "timeout", "57014": .timeout
            case "reset", "57P01", "57P02": .reset
            default: .badAnswer
            }
    }

    /// Sorts an HTTP status into the list.
    init(status: Int) {
        switch status {
        case 200..<300: self = .ok
        case 401, 403: self = .unauthorised
        default: self = .badAnswer
        }
    }
}
