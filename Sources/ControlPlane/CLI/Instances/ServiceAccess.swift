import OpsCommand
import OpsHTTP
import OpsRuntime
import OpsSystem

/// The operator's way to one service of a lab: where it is, with which key, and what a refusal means for the shell.
struct ServiceAccess<Client>: Sendable {
    let lab: Lab
    private let listener: PortPlan.Listener
    private let makeClient: @Sendable (ServiceClient) -> Client

    init(
        _ lookup: LabLookup,
        to listener: PortPlan.Listener,
        _ makeClient: @escaping @Sendable (ServiceClient) -> Client
    ) throws {
        self.lab = try lookup.lab()
        self.listener = listener
        self.makeClient = makeClient
    }

    /// Runs calls and turns a refusal into an exit code with its hint.
    func asking<Value>(_ body: (Client) async throws -> Value) async throws -> Value {
        let client = try self.client()
        do {
            return try await body(client)
        } catch let refusal as RemoteError {
            throw CommandError(
                Terminal.clean(refusal.message),
                hint: refusal.hint.map { Terminal.clean($0) },
                exitCode: Self.exitCode(of: refusal.status)
            )
        } catch let failure as HTTPClientError {
            throw CommandError("\(failure)", hint: "is the lab up? opslab status", exitCode: ExitCode.unreachable)
        }
    }

    private func client() throws -> Client {
        guard let record = self.lab.record else { throw Self.absent(self.lab.name) }
        let key = try FileSystem.text(self.lab.layout.secret("key-operator"), limit: 4_096).filter { !$0.isNewline }
        return self.makeClient(ServiceClient(base: record.ports.url(self.listener), key: key, http: self.lab.http))
    }

    static func absent(_ name: InstanceName) -> CommandError {
        CommandError("there is no lab '\(name)'", hint: "start one: opslab up", exitCode: ExitCode.unreachable)
    }

    static func exitCode(of status: Int) -> Int32 {
        switch status {
        case 401, 403, 409, 429: ExitCode.refused
        case 400, 404, 422: ExitCode.usage
        case 503: ExitCode.unavailable
        default: ExitCode.failed
        }
    }
}
