import OpsCommand
import OpsModel
import OpsRuntime
import OpsScenario

/// `opslab ablate`.
struct AblateCommand: Command {
    static let name = "ablate"
    static let endsOnSignal = false
    static let summary = "Run scenarios with one agent as it is, and with one thing at a time kept back or changed"
    static let discussion = """
        The lab has to be up. Rows: \(Ablation.allCases.map(\.rawValue).joined(separator: ", ")). Every scenario is run once
        for each row and seed, from a reset target. Exits 0 when every row was judged; what the table should look like is for
        people to say.
        """
    static let arguments = CompareCommand.arguments
    static let options: [Option] = [
        LabLookup.option, ScenarioLibrary.option,
        .value(
            "agent",
            "WHO",
            default: "builtin",
            choices: ["builtin", "external"] + Baselines.names,
            help: "who is judged; external: start yours yourself"
        ),
        .value("rows", "LIST", help: "which rows, with commas between (default: all)"), SeedRange.option,
        .value("out", "DIR", help: "where the report goes (default: a new folder in the lab's reports/)"),
        .value("as", "NAME", default: LabPeople.second, help: "whose key signs every approval"),
        .json,
    ]

    private let lookup: LabLookup
    private let library: ScenarioLibrary
    private let scenarios: [Scenario]
    private let agent: String
    private let rows: [Ablation]
    private let seeds: ClosedRange<UInt64>
    private let person: String
    private let out: String?
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        library = try ScenarioLibrary(parsed)
        scenarios = parsed.positionals.isEmpty ? try library.all() : try parsed.positionals.map(library.find)
        agent = parsed.string("agent") ?? "builtin"
        rows = try Self.rows(parsed.string("rows"))
        seeds = try SeedRange.read(parsed)
        person = parsed.string("as") ?? LabPeople.second
        out = parsed.string("out")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 { try await InterruptibleRuns.perform(ablate) }

    private func ablate() async throws -> Int32 {
        let lab = try await RefereeLab(try lookup.lab())
        let start = Timestamp.now()
        let tournament = Tournament(
            contestants: rows.map { row in
                Contestant(name: row.title, agent: agent, under: row.conditions(rememberedBefore: start))
            },
            scenarios: scenarios,
            seeds: seeds,
            person: person,
            publicSet: try library.all(),
            isWholeSuite: false,
            performance: RunPerformance(lab: lab, turn: try lab.lab.takeTurn(), isQuiet: true)
        )
        let comparison = try await tournament.play { Terminal.err($0) }
        try ComparisonOutcome(comparison: comparison, out: out, isJSON: isJSON).tell(in: lab)
        return comparison.agents.allSatisfy { $0.runs > 0 } ? ExitCode.ok : ExitCode.failed
    }

    static func rows(_ list: String?) throws -> [Ablation] {
        guard let list else { return Ablation.allCases }
        let words = list.split(separator: ",").map { $0.filter { $0 != " " } }
        let rows = words.compactMap(Ablation.init)
        guard !rows.isEmpty, rows.count == words.count, Set(rows).count == rows.count else {
            throw CommandError.usage(
                "--rows \(Terminal.clean(list)) is no list of different rows",
                hint: "rows: \(Ablation.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return rows
    }
}
