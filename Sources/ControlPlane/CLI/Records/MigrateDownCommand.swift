import AgentOps
import OpsCommand
import OpsModel
import OpsPostgres

/// `opslab migrate down`.
struct MigrateDownCommand: Command {
    static let name = "migrate down"
    static let summary = "Take AgentOps migrations back, with the tables and rows they made"
    static let discussion =
        "Every migration above N is taken back, newest first. Roles stay: they belong to the whole cluster."
    static let options: [Option] = [
        LabLookup.option, .value("to", "N", help: "the number of the last migration to keep; 0 keeps none"),
        .flag("yes", help: "confirm that rows will be lost"), .json,
    ]

    private let lookup: LabLookup
    private let number: Int
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        guard let number = try parsed.int("to", in: 0...100_000) else {
            throw CommandError.usage("migrate down needs --to N", hint: "`opslab migrate status` lists the numbers")
        }
        guard parsed.flag("yes") else {
            throw CommandError(
                "rows of the migrations above \(number) will be lost",
                hint: "add --yes if that is meant",
                exitCode: ExitCode.refused
            )
        }
        self.number = number
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let connection = try await LabRecords(lab: lookup.lab()).administrator()
        defer { connection.close() }
        let undone = try await AgentOpsSchema.migrator.down(connection, to: number)
        if isJSON { Terminal.out(try OpsJSON.string(MigrationReport(undone: undone))) } else { show(undone) }
        return ExitCode.ok
    }

    private func show(_ undone: [Migration]) {
        for step in undone { Terminal.out("took back \(step.number) \(step.name)") }
        if undone.isEmpty { Terminal.out("nothing to take back") }
    }
}
