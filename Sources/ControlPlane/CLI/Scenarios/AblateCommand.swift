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
    static let options = own + AgentOptions.all
    private static let own: [Option] = [
        LabLookup.option, ScenarioLibrary.option,
        .value(
            "agent",
            "WHO",
            default: "builtin",
            help: "who is judged: builtin, a known bad one, \(AgentDoor.help), or external: you start yours yourself"
        ),
        .value("rows", "LIST", help: "which rows, with commas between (default: all)"), SeedRange.option,
        .value("labs", "N", help: "play in so many labs side by side, made for this and taken away afterwards"),
        .value("out", "DIR", help: "where it is kept; one that was begun there goes on (default: a new folder)"),
        .value("as", "NAME", default: LabPeople.second, help: "whose key signs every approval"),
        .json,
    ]

    private let order: ComparisonOrder
    private let contestants: [Contestant]
    private let agents: AgentOptions
    private let labs: ComparisonLabs
    private let person: String
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        let lookup = try LabLookup(parsed)
        let library = try ScenarioLibrary(parsed)
        let count = try parsed.int("labs", in: 1...8)
        agents = try AgentOptions(parsed, forbidden: [lookup.locator.state, library.directory])
        let agent = parsed.string("agent") ?? "builtin"
        guard try (ComparisonOrder.everybody + ["external"]).contains(agent) || agents.agent(agent) != nil else {
            throw CommandError.usage("there is no agent '\(Terminal.clean(agent))'", hint: "builtin, \(AgentDoor.help)")
        }
        let rows = try Self.rows(parsed.string("rows"))
        let start = Timestamp.now()
        let folder =
            parsed.string("out").map(ComparisonFolder.init) ?? ComparisonFolder.new(lookup, hasLab: count == nil)
        order = try ComparisonOrder(
            words: parsed.positionals,
            agents: rows.map(\.title),
            seeds: try SeedRange.read(parsed),
            ablated: agent,
            rememberedBefore: start,
            library: library,
            abilities: try lookup.abilities(orOf: count),
            folder: folder,
            mustBeBegun: false
        )
        let moment = order.plan.memoryBefore ?? start
        contestants = rows.map {
            Contestant(name: $0.title, agent: agent, under: $0.conditions(rememberedBefore: moment))
        }
        labs = ComparisonLabs(lookup: lookup, count: count, reports: folder.runs)
        person = parsed.string("as") ?? LabPeople.second
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 { try await InterruptibleRuns.perform(ablate) }

    private func ablate() async throws -> Int32 {
        if let agent = contestants.first?.agent { try await agents.requireSandbox(for: try agents.agent(agent)) }
        let comparison = try await ComparisonPerformance(
            order: order,
            contestants: contestants,
            own: agents,
            labs: labs,
            person: person,
            isJSON: isJSON
        ).perform()
        return comparison.isComplete ? ExitCode.ok : ExitCode.failed
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
