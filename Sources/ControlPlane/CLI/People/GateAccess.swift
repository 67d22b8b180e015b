import GateClient
import OpsCommand
import OpsHTTP
import OpsRuntime
import OpsSystem

/// The operator's way to a lab's gate.
struct GateAccess {
    let lab: Lab

    init(_ lookup: LabLookup) throws { lab = try lookup.lab() }

    func client() throws -> OperatorClient {
        guard let record = lab.record else { throw ChaosAccess.absent(lab.name) }
        let key = try FileSystem.text(lab.layout.secret("key-operator"), limit: 4_096)
        let service = ServiceClient(base: record.ports.url(.gate), key: key.filter { !$0.isNewline }, http: lab.http)
        return OperatorClient(service)
    }

    /// Runs one call and turns a service's refusal into an exit code with its hint.
    func asking<Value>(_ body: (OperatorClient) async throws -> Value) async throws -> Value {
        do {
            return try await body(try client())
        } catch let refusal as RemoteError {
            let code = [401, 403, 409].contains(refusal.status) ? ExitCode.refused : ExitCode.failed
            throw CommandError(refusal.message, hint: refusal.hint, exitCode: code)
        } catch let failure as HTTPClientError {
            throw CommandError("\(failure)", hint: "is the lab up? opslab status", exitCode: ExitCode.unreachable)
        }
    }
}
