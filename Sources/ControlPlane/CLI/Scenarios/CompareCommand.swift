import OpsCommand
import OpsModel
import OpsRuntime
import OpsScenario
import OpsSystem

/// `opslab compare`.
struct CompareCommand: Command {
    static let name = "compare"
    static let endsOnSignal = false
    static let summary = "Run scenarios with several agents, the bad ones too, and put their scores side by side"
    static let discussion = """
        The lab has to be up, unless --labs makes its own. Every scenario is run with every agent and every seed, each from a \
        reset target; a run that proves nothing is tried once more. Each report is kept as soon as it is judged: what was \
        interrupted (exit code 130) goes on with --resume. Exits 0 only when the scores can be believed: every agent was \
        judged, and over the whole folder each known bad agent stays below its bound.
        """
    static let arguments = [
        Argument(
            "SCENARIO",
            help: "ids of scenario list, or paths of files (default: all)",
            isRequired: false,
            repeats: true
        )
    ]
    static let options = own + AgentOptions.all + HandicapOptions.all
    private static let own: [Option] = [
        LabLookup.option, ScenarioLibrary.option,
        .value(
            "agents",
            "LIST",
            help: "who is compared, with commas between; also \(AgentDoor.help) "
                + "(default: \(ComparisonOrder.everybody.joined(separator: ",")))"
        ),
        SeedRange.option,
        .value("labs", "N", help: "play in so many labs side by side, made for this and taken away afterwards"),
        .flag("spare-controls", help: "run agents that have to lose only where something is broken"),
        .value("must-pass", "AGENT", help: "exit 1 when this agent misses one, too"),
        .value("out", "DIR", help: "where it is kept; one that was begun there goes on (default: a new folder)"),
        .value("resume", "DIR", help: "go on with the comparison that was begun there"),
        .value("as", "NAME", default: LabPeople.second, help: "whose key signs every approval"),
        .json,
    ]

    private let agents: AgentOptions
    private let order: ComparisonOrder
    private let labs: ComparisonLabs
    private let person: String
    private let mustPass: String?
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        let lookup = try LabLookup(parsed)
        let count = try parsed.int("labs", in: 1...8)
        let begun = parsed.string("resume")
        guard begun == nil || parsed.string("out") == nil else {
            throw CommandError.usage("--resume goes on in its own folder", hint: "leave --out away")
        }
        let folder =
            (begun ?? parsed.string("out")).map(ComparisonFolder.init)
            ?? ComparisonFolder.new(lookup, hasLab: count == nil)
        let library = try ScenarioLibrary(parsed)
        let own = try AgentOptions(parsed, forbidden: [lookup.locator.state, library.directory])
        agents = own
        order = try ComparisonOrder(
            words: parsed.positionals,
            agents: try parsed.string("agents").map { try Self.agents($0, own) },
            seeds: try SeedRange.read(parsed),
            conditions: try HandicapOptions.conditions(parsed),
            sparesControls: parsed.flag("spare-controls"),
            library: library,
            abilities: try lookup.abilities(orOf: count),
            folder: folder,
            mustBeBegun: begun != nil
        )
        labs = ComparisonLabs(lookup: lookup, count: count, reports: folder.runs)
        person = parsed.string("as") ?? LabPeople.second
        mustPass = parsed.string("must-pass")
        isJSON = parsed.flag("json")
        if let mustPass, !order.plan.agents.contains(mustPass) {
            throw CommandError.usage("--must-pass \(Terminal.clean(mustPass)) is none of the agents that are compared")
        }
    }

    func run() async throws -> Int32 {
        try await InterruptibleRuns.perform(compare)
    }

    private func compare() async throws -> Int32 {
        for word in order.plan.agents { try await agents.requireSandbox(for: try agents.agent(word)) }
        let contestants = order.contestants()
        let comparison = try await ComparisonPerformance(
            order: order,
            contestants: contestants,
            own: agents,
            labs: labs,
            person: person,
            isJSON: isJSON
        ).perform()
        let missed = mustPass.map(comparison.missed(by:)) ?? []
        for line in missed { Terminal.err("MISSED   \(Terminal.clean(line))") }
        return comparison.breaches.isEmpty && comparison.isComplete && missed.isEmpty ? ExitCode.ok : ExitCode.failed
    }

    private static func agents(_ list: String, _ own: AgentOptions) throws -> [String] {
        let words = list.split(separator: ",").map { String($0.trimmingPrefix(while: \.isWhitespace)) }
        let known = ComparisonOrder.everybody
        let areKnown = try words.allSatisfy { try known.contains($0) || own.agent($0) != nil }
        guard !words.isEmpty, areKnown, Set(words).count == words.count else {
            throw CommandError.usage(
                "--agents \(Terminal.clean(list)) is no list of different agents",
                hint: "agents: \(known.joined(separator: ", ")), \(AgentDoor.help)"
            )
        }
        return words
    }
}
