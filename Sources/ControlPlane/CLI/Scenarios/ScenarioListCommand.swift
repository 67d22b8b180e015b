import OpsCommand
import OpsModel
import OpsScenario

/// `opslab scenario list`.
struct ScenarioListCommand: Command {
    static let name = "scenario list"
    static let summary = "List the scenarios with what they are about"
    static let options: [Option] = [ScenarioLibrary.option, .json]

    private struct Row: Encodable {
        var id: String
        var family: String
        var difficulty: String?
        var end: String
        var about: String
        /// Whether it can be run only in a lab of `up --proxied`.
        var needsProxy: Bool

        private enum CodingKeys: String, CodingKey {
            case id, family, difficulty, end, about
            case needsProxy = "needs_proxy"
        }
    }

    private let library: ScenarioLibrary
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        library = try ScenarioLibrary(parsed)
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        let rows = try library.paths().map { path in
            let scenario = try Scenario.load(path)
            return Row(
                id: scenario.id,
                family: scenario.family,
                difficulty: scenario.difficulty?.rawValue,
                end: scenario.expect.end.rawValue,
                about: scenario.about,
                needsProxy: scenario.needsProxy
            )
        }
        if isJSON {
            Terminal.out(try OpsJSON.string(rows))
            return ExitCode.ok
        }
        var table = TextTable(["scenario", "family", "difficulty", "has to end", "about"])
        for row in rows { table.add([row.id, row.family, row.difficulty ?? "", row.end, Terminal.clean(row.about)]) }
        Terminal.out(table.render())
        return ExitCode.ok
    }
}
