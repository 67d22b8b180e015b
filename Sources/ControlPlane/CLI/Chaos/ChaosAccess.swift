import ChaosClient
import OpsCommand
import OpsRuntime
import OpsSystem

/// The operator's way to a lab's injector.
struct ChaosAccess {
    let lab: Lab

    init(_ lookup: LabLookup) throws { self.lab = try lookup.lab() }

    func client() throws -> ChaosClient {
        guard let record = self.lab.record else { throw Self.absent(self.lab.name) }
        let key = try FileSystem.text(self.lab.layout.secret("key-operator"), limit: 4_096)
        return ChaosClient(base: record.ports.url(.chaos), key: key.filter { !$0.isNewline })
    }

    static func absent(_ name: InstanceName) -> CommandError {
        CommandError("there is no lab '\(name)'", hint: "start one: opslab up", exitCode: ExitCode.unreachable)
    }
}
