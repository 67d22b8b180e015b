import OpsCommand
import OpsModel
import OpsRuntime
import OpsSpec
import OpsYAML

/// `opslab topology lint`.
struct TopologyLintCommand: Command {
    static let name = "topology lint"
    static let summary = "Check a topology file, all problems at once"
    static let arguments = [Argument("FILE", help: "the file (default: compose/topology.yaml)", isRequired: false)]
    static let options: [Option] = [.json]

    private let file: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        file = try DocumentLookup.path(parsed.argument("FILE"), or: "compose/topology.yaml")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        do {
            let topology = try Topology.load(file)
            if isJSON {
                Terminal.out(try OpsJSON.string(LintReport(documents: 1, problems: [], warnings: [])))
            } else {
                let counts = "\(topology.components.count) components, \(topology.journeys.count) journeys"
                Terminal.out("\(Terminal.clean(topology.system)): \(counts), no problems")
            }
            return ExitCode.ok
        } catch let error as SpecProblems {
            guard isJSON else { throw CommandError(error.description, exitCode: ExitCode.failed) }
            Terminal.out(try OpsJSON.string(LintReport(documents: 1, problems: error.problems, warnings: [])))
            return ExitCode.failed
        }
    }
}
