import ActionClient
import OpsCommand
import OpsHTTP
import OpsRuntime
import OpsSystem

/// The operator's way to a lab's ActionPlane.
struct ActionAccess {
    let lab: Lab

    init(_ lookup: LabLookup) throws { lab = try lookup.lab() }

    /// Runs calls and turns a refusal into an exit code with its hint.
    func asking<Value>(_ body: (ActionClient) async throws -> Value) async throws -> Value {
        guard let record = lab.record else { throw ChaosAccess.absent(lab.name) }
        let key = try FileSystem.text(lab.layout.secret("key-operator"), limit: 4_096).filter { !$0.isNewline }
        do {
            return try await body(ActionClient(base: record.ports.url(.action), key: key))
        } catch let refusal as RemoteError {
            let code =
                switch refusal.status {
                case 401, 403, 409, 429: ExitCode.refused
                case 400, 404, 422: ExitCode.usage
                case 503: ExitCode.unavailable
                default: ExitCode.failed
                }
            throw CommandError(
                Terminal.clean(refusal.message),
                hint: refusal.hint.map { Terminal.clean($0) },
                exitCode: code
            )
        } catch let failure as HTTPClientError {
            throw CommandError("\(failure)", hint: "is the lab up? opslab status", exitCode: ExitCode.unreachable)
        }
    }
}
