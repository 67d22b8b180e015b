public import OpsCommand
public import OpsHTTP
public import OpsSpec
public import OpsSystem

extension HTTPClientError: ExitCoded {
    /// Nobody answered, or not with what was asked for.
    public var exitCode: Int32 {
        code == .badAnswer || code == .answerTooLarge ? ExitCode.failed : ExitCode.unreachable
    }
    /// Where to look first.
    public var advice: String? { "is the lab up? `opslab status` shows it" }
}

extension RemoteError: ExitCoded {
    /// A service's refusal as the help documents it.
    public var exitCode: Int32 {
        switch status {
        case 401, 403, 409, 429: ExitCode.refused
        case 400, 404, 422: ExitCode.usage
        case 503: ExitCode.unavailable
        default: ExitCode.failed
        }
    }
    /// What the service itself advises.
    public var advice: String? { hint }
}

extension SpecProblems: ExitCoded {
    /// The problems stand with their hints in the description.
    public var exitCode: Int32 { ExitCode.configuration }
}

extension SystemError: ExitCoded {
    /// A right or a room that this machine does not give.
    public var exitCode: Int32 {
        switch code {
        case .permissionDenied: ExitCode.refused
        case .diskFull: ExitCode.unavailable
        default: ExitCode.failed
        }
    }
}
