import OpsCommand
import OpsModel
import OpsRuntime
import OpsScenario

/// `opslab compare`.
struct CompareCommand: Command {
    static let name = "compare"
    static let endsOnSignal = false
    static let summary = "Run scenarios with several agents, the bad ones too, and put their scores side by side"
    static let discussion = """
        The lab has to be up. Every scenario is run with every agent and every seed, each from a reset target; a run that proves
        nothing is tried once more. Exits 0 only when the scores can be believed: every agent was judged, and over the whole
        folder each known bad agent stays below its bound.
        """
    static let arguments = [
        Argument(
            "SCENARIO",
            help: "ids of scenario list, or paths of files (default: all)",
            isRequired: false,
            repeats: true
        )
    ]
    static let options = own + HandicapOptions.all
    private static let own: [Option] = [
        LabLookup.option, ScenarioLibrary.option,
        .value(
            "agents",
            "LIST",
            default: (Baselines.names + ["builtin"]).joined(separator: ","),
            help: "who is compared, with commas between"
        ),
        SeedRange.option,
        .value("out", "DIR", help: "where the report goes (default: a new folder in the lab's reports/)"),
        .value("as", "NAME", default: LabPeople.second, help: "whose key signs every approval"),
        .json,
    ]

    private let lookup: LabLookup
    private let library: ScenarioLibrary
    private let scenarios: [Scenario]
    private let isWholeSuite: Bool
    private let agents: [String]
    private let seeds: ClosedRange<UInt64>
    private let conditions: Conditions
    private let person: String
    private let out: String?
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        library = try ScenarioLibrary(parsed)
        let words = parsed.positionals
        isWholeSuite = words.isEmpty
        scenarios = words.isEmpty ? try library.all() : try words.map(library.find)
        agents = try Self.agents(parsed.string("agents") ?? "")
        seeds = try SeedRange.read(parsed)
        conditions = try HandicapOptions.conditions(parsed)
        person = parsed.string("as") ?? LabPeople.second
        out = parsed.string("out")
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        try await InterruptibleRuns.perform(compare)
    }

    private func compare() async throws -> Int32 {
        let lab = try await RefereeLab(try lookup.lab())
        let performance = RunPerformance(lab: lab, turn: try lab.lab.takeTurn(), isQuiet: true)
        let tournament = Tournament(
            contestants: agents.map { Contestant($0, under: conditions) },
            scenarios: scenarios,
            seeds: seeds,
            person: person,
            publicSet: try library.all(),
            isWholeSuite: isWholeSuite,
            performance: performance
        )
        let comparison = try await tournament.play { Terminal.err($0) }
        try ComparisonOutcome(comparison: comparison, out: out, isJSON: isJSON).tell(in: lab)
        let isWhole = comparison.agents.allSatisfy { $0.runs > 0 }
        return comparison.breaches.isEmpty && isWhole ? ExitCode.ok : ExitCode.failed
    }

    private static func agents(_ list: String) throws -> [String] {
        let words = list.split(separator: ",").map { $0.filter { $0 != " " } }
        let known = Baselines.names + ["builtin"]
        guard !words.isEmpty, words.allSatisfy(known.contains), Set(words).count == words.count else {
            throw CommandError.usage(
                "--agents \(Terminal.clean(list)) is no list of different agents",
                hint: "agents: \(known.joined(separator: ", "))"
            )
        }
        return words
    }
}
