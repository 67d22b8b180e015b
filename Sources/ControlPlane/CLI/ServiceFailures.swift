import ChaosClient
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
    public var exitCode: Int32 { ChaosAccess.exitCode(of: status) }
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
