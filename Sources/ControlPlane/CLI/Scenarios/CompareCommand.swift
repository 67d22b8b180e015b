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
    static let options: [Option] = [
        LabLookup.option, ScenarioLibrary.option,
        .value(
            "agents",
            "LIST",
            help: "who is compared, with commas between (default: \(ComparisonOrder.everybody.joined(separator: ",")))"
        ),
        .value("seeds", "A..B", help: "what the draws come from (default: 1..1)"),
        .value("labs", "N", help: "play in so many labs side by side, made for this and taken away afterwards"),
        .value("must-pass", "AGENT", help: "exit 1 when this agent misses one, too"),
        .value("out", "DIR", help: "where it is kept; one that was begun there goes on (default: a new folder)"),
        .value("resume", "DIR", help: "go on with the comparison that was begun there"),
        .value("as", "NAME", default: LabPeople.second, help: "whose key signs every approval"),
        .json,
    ]

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
        let folder = ComparisonFolder(
            directory: begun ?? parsed.string("out") ?? Self.newFolder(lookup, hasLab: count == nil)
        )
        order = try ComparisonOrder(
            words: parsed.positionals,
            agents: try parsed.string("agents").map(Self.agents),
            seeds: try parsed.string("seeds").map(Self.seeds),
            library: try ScenarioLibrary(parsed),
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
        let earlier = try order.folder.reports()
        guard order.runsLeft(after: earlier) > 0 else { return try conclude() }
        do { try await labs.play { try await play(in: $0, after: earlier) } } catch {
            if try !order.folder.reports().isEmpty { _ = try conclude() }
            throw error
        }
        return try conclude()
    }

    private func play(in labs: [RunPerformance], after earlier: [RunReport]) async throws {
        let levels = Set(labs.map(\.lab.record.isolation.rawValue) + earlier.map(\.isolation))
        guard levels.count == 1 else { throw RefereeError.isolationDiffers(levels.sorted()) }
        let lock = try order.folder.begin(order.plan)
        defer { lock.release() }
        if !earlier.isEmpty { Terminal.err("\(earlier.count) runs were judged before") }
        let tournament = Tournament(
            plan: order.plan,
            scenarios: order.scenarios,
            person: person,
            publicSet: order.publicSet,
            labs: labs
        )
        try await tournament.play(after: earlier) { Terminal.err($0) }
    }

    /// Shows what was judged, all or a part of it.
    private func conclude() throws -> Int32 {
        let comparison = try order.comparison()
        let page = try ComparisonFiles(directory: order.folder.directory).write(comparison)
        if isJSON {
            Terminal.out(try OpsJSON.string(comparison))
        } else {
            for line in ComparisonTable(comparison: comparison).lines { Terminal.out(line) }
            Terminal.out("Report   \(page)")
        }
        if comparison.runsLeft > 0 { Terminal.err("go on with: opslab compare --resume \(order.folder.directory)") }
        let missed = mustPass.map(comparison.missed(by:)) ?? []
        for line in missed { Terminal.err("MISSED   \(Terminal.clean(line))") }
        let isWhole = comparison.runsLeft == 0 && comparison.agents.allSatisfy { $0.runs > 0 }
        return comparison.breaches.isEmpty && isWhole && missed.isEmpty ? ExitCode.ok : ExitCode.failed
    }

    /// In the lab where it is played; beside the labs where they go when it is over.
    private static func newFolder(_ lookup: LabLookup, hasLab: Bool) -> String {
        let home = hasLab ? lookup.locator.layout(of: lookup.name).reports : "\(lookup.locator.state)/reports"
        return "\(home)/\(Identifier.random(prefix: "compare", length: 8))"
    }

    private static func agents(_ list: String) throws -> [String] {
        let words = list.split(separator: ",").map { $0.filter { $0 != " " } }
        let known = ComparisonOrder.everybody
        guard !words.isEmpty, words.allSatisfy(known.contains), Set(words).count == words.count else {
            throw CommandError.usage(
                "--agents \(Terminal.clean(list)) is no list of different agents",
                hint: "agents: \(known.joined(separator: ", "))"
            )
        }
        return words
    }

    private static func seeds(_ text: String) throws -> ClosedRange<UInt64> {
        let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { UInt64($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last,
            last - first < 1_000
        else {
            throw CommandError.usage(
                "--seeds \(Terminal.clean(text)) is no range of seeds",
                hint: "for example --seeds 1..5, or --seeds 7"
            )
        }
        return first...last
    }
}
