import OpsCommand
import OpsModel
import OpsScenario
import OpsSpec
import OpsYAML

/// `opslab scenario lint`.
struct ScenarioLintCommand: Command {
    static let name = "scenario lint"
    static let summary = "Check scenario files, all problems at once"
    static let arguments = [Argument("FILE", help: "one file (default: all of them)", isRequired: false)]
    static let options: [Option] = [ScenarioLibrary.option, .json]

    private let library: ScenarioLibrary
    private let file: String?
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        library = try ScenarioLibrary(parsed)
        file = parsed.argument("FILE")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let paths = try file.map { [$0] } ?? library.paths()
        var problems: [Problem] = []
        for path in paths {
            do {
                _ = try Scenario.load(path)
            } catch {
                problems += error.problems
            }
        }
        if isJSON {
            Terminal.out(try OpsJSON.string(LintReport(documents: paths.count, problems: problems, warnings: [])))
        } else if problems.isEmpty {
            Terminal.out("\(paths.count) scenarios, no problems")
        } else {
            Terminal.err(problems.map(\.description).joined(separator: "\n"))
        }
        return problems.isEmpty ? ExitCode.ok : ExitCode.failed
    }
}
