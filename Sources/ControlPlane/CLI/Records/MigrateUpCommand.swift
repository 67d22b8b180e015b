import AgentOps
import OpsCommand
import OpsModel
import OpsPostgres

/// `opslab migrate up`.
struct MigrateUpCommand: Command {
    static let name = "migrate up"
    static let summary = "Bring the AgentOps tables to this program's version"
    static let options: [Option] = [LabLookup.option, .json]

    private let lookup: LabLookup
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let connection = try await LabRecords(lab: lookup.lab()).administrator()
        defer { connection.close() }
        let applied = try await AgentOpsSchema.migrator.up(connection)
        if isJSON { Terminal.out(try OpsJSON.string(MigrationReport(applied: applied))) } else { show(applied) }
        return ExitCode.ok
    }

    private func show(_ applied: [Migration]) {
        for step in applied { Terminal.out("applied \(step.number) \(step.name)") }
        if applied.isEmpty { Terminal.out("nothing to apply") }
    }
}
