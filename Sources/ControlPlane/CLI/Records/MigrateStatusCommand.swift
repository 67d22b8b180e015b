import AgentOps
import OpsCommand
import OpsModel
import OpsPostgres

/// `opslab migrate status`.
struct MigrateStatusCommand: Command {
    static let name = "migrate status"
    static let summary = "Show which AgentOps migrations are applied"
    static let discussion = "Exits 1 when a migration is pending, has drifted, or is unknown to this program."
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
        let statuses = try await AgentOpsSchema.migrator.status(connection)
        if isJSON { Terminal.out(try OpsJSON.string(statuses)) } else { show(statuses) }
        return statuses.allSatisfy { $0.state == .applied } ? ExitCode.ok : ExitCode.failed
    }

    private func show(_ statuses: [MigrationStatus]) {
        var table = TextTable(["number", "name", "state", "applied at"], numbers: ["number"])
        for status in statuses {
            table.add(["\(status.number)", status.name, status.state.rawValue, status.appliedAt ?? ""])
        }
        Terminal.out(table.render())
    }
}
