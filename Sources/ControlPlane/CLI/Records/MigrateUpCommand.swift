import AgentOps
import OpsCommand
import OpsPostgres

/// `opslab migrate up`.
struct MigrateUpCommand: Command {
    static let name = "migrate up"
    static let summary = "Bring the AgentOps tables to this program's version"
    static let options: [Option] = [LabLookup.option]

    private let lookup: LabLookup

    init(_ parsed: ParsedArguments) throws { lookup = try LabLookup(parsed) }

    func run() async throws -> Int32 {
        let connection = try await LabRecords(lab: lookup.lab()).administrator()
        defer { connection.close() }
        let applied = try await AgentOpsSchema.migrator.up(connection)
        for step in applied { Terminal.out("applied \(step.number) \(step.name)") }
        if applied.isEmpty { Terminal.out("nothing to apply") }
        return ExitCode.ok
    }
}
