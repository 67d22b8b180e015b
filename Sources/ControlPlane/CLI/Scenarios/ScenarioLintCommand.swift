import OpsCommand
import OpsModel
import OpsScenario
import OpsSpec
import OpsYAML

/// `opslab scenario lint`.
struct ScenarioLintCommand: Command {
    static let name = "scenario lint"
    static let summary = "Check scenario files, all problems at once"
    static let discussion = """
        A whole folder is also checked as a set: no id twice, and in each family the page alone must not tell what to do. A file
        that is named is checked for itself, and `scenario run` asks for no more than that.
        """
    static let arguments = [Argument("FILE", help: "one file (default: all of them)", isRequired: false)]
    static let options: [Option] = [
        ScenarioLibrary.option,
        .value("set-digest", "DIR", help: "print what identifies the set of scenarios in a folder instead"), .json,
    ]

    private let library: ScenarioLibrary
    private let file: String?
    private let set: String?
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        library = try ScenarioLibrary(parsed)
        file = parsed.argument("FILE")
        set = parsed.string("set-digest")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        if let set { return try identify(ScenarioLibrary(directory: set)) }
        let paths = try file.map { [$0] } ?? library.paths()
        guard !paths.isEmpty else { throw library.isEmpty }
        let problems = problems(in: paths)
        if isJSON {
            Terminal.out(try OpsJSON.string(LintReport(documents: paths.count, problems: problems, warnings: [])))
        } else if problems.isEmpty {
            Terminal.out("\(paths.count) scenarios, no problems")
        } else {
            Terminal.err(problems.map(\.description).joined(separator: "\n"))
        }
        return problems.isEmpty ? ExitCode.ok : ExitCode.failed
    }

    /// What is wrong with each file and with all of a folder together; ids that two share would mix up their runs.
    private func problems(in paths: [String]) -> [Problem] {
        var problems: [Problem] = []
        var files: [String: String] = [:]
        var scenarios: [Scenario] = []
        for path in paths {
            do {
                let scenario = try Scenario.load(path)
                scenarios.append(scenario)
                if let other = files.updateValue(path, forKey: scenario.id) {
                    problems.append(Problem(file: path, message: "the id \(scenario.id) is taken by \(other)"))
                }
            } catch {
                problems += error.problems
            }
        }
        // Of a family whose files cannot all be read nothing can be said.
        guard file == nil, scenarios.count == paths.count else { return problems }
        let families = ScenarioFamily.families(of: scenarios).flatMap(\.problems)
        return problems + families.map { Problem(file: library.directory, message: $0) }
    }

    /// A set is what its files say, whatever they are called and wherever they lie.
    private func identify(_ library: ScenarioLibrary) throws -> Int32 {
        let scenarios = try library.all()
        guard !scenarios.isEmpty else { throw library.isEmpty }
        let digest = ScenarioSet.digest(of: scenarios)
        Terminal.out(isJSON ? try OpsJSON.string(["digest": digest]) : "\(digest)  \(scenarios.count) scenarios")
        return ExitCode.ok
    }
}
