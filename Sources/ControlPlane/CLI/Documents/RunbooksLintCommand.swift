import OpsCommand
import OpsModel
import OpsRuntime
import OpsSpec
import OpsYAML

/// `opslab runbooks lint`.
struct RunbooksLintCommand: Command {
    static let name = "runbooks lint"
    static let summary = "Check every runbook of a folder, all problems at once"
    static let discussion = """
        Reads, mechanisms, actions and parameters must exist, two hypotheses must contradict each other, and no component of the
        topology may be named. A runbook that nobody reviewed for a year is stale, which is a warning.
        """
    static let arguments = [Argument("DIR", help: "the folder (default: the repository's runbooks)", isRequired: false)]
    static let options: [Option] = [
        .value("topology", "FILE", help: "whose component names must not occur (default: compose/topology.yaml)"),
        .json,
    ]

    private let folder: String
    private let topology: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        folder = try DocumentLookup.path(parsed.argument("DIR"), or: "runbooks")
        topology = try DocumentLookup.path(parsed.string("topology"), or: "compose/topology.yaml")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let read = try RunbookFolder.load(folder)
        let lint = RunbookLint(now: .now(), forbidden: Set(try Topology.load(topology).components.map(\.name)))
        let problems = read.problems + read.runbooks.flatMap(lint.problems)
        let warnings = read.runbooks.flatMap(lint.warnings)
        if isJSON {
            let report = LintReport(documents: read.runbooks.count, problems: problems, warnings: warnings)
            Terminal.out(try OpsJSON.string(report))
        } else {
            for problem in problems { Terminal.out(Terminal.clean("\(problem)", keepingLines: true)) }
            for warning in warnings { Terminal.out(Terminal.clean("warning: \(warning)", keepingLines: true)) }
            Terminal.out("\(read.runbooks.count) runbooks, \(problems.count) problems, \(warnings.count) warnings")
        }
        return problems.isEmpty ? ExitCode.ok : ExitCode.failed
    }
}

/// What a linter found, for scripts.
struct LintReport: Codable {
    var documents: Int
    var problems: [Problem]
    var warnings: [Problem]
}
