import OpsCommand
import OpsModel
import OpsRuntime
import OpsScenario

/// `opslab scenario run`.
struct ScenarioRunCommand: Command {
    static let name = "scenario run"
    static let endsOnSignal = false
    static let summary = "Run one scenario, judge it, and exit 0 only when it passed"
    static let discussion = """
        The lab has to be up. The target is reset first, must hold its objectives, and is judged from what customers lived and
        from a census of the world. With --proof each known behaviour of the file is run, and its verdict must be the one written.
        """
    static let arguments = [Argument("SCENARIO", help: "an id of scenario list, or the path of a file")]
    static let options = own + AgentOptions.all + HandicapOptions.all
    private static let own: [Option] = [
        LabLookup.option, LabLookup.expectation, ScenarioLibrary.option,
        .value("seed", "N", default: "1", help: "what the draws come from"),
        .value(
            "approver",
            "SCRIPT",
            help: "\(Self.scripts), option:N, a .yaml, or ask: you, at this terminal (default: the scenario's first)"
        ),
        .value("as", "NAME", default: LabPeople.second, help: "whose key signs"),
        .value(
            "autonomy",
            "LEVEL",
            default: "approve",
            choices: Autonomy.allCases.map(\.rawValue),
            help: "how much the agent may do"
        ),
        .value(
            "agent",
            "WHO",
            default: "builtin",
            help: "builtin, \(AgentDoor.help), or external: you start yours yourself"
        ),
        .value("alias-seed", "N", help: "exchange the names of the faults by this; all that happens stays the same"),
        .flag("proof", help: "run the file's known behaviours instead of the agent"),
        .json,
    ]

    private let lookup: LabLookup
    private let agents: AgentOptions
    private let order: ScenarioOrder
    private let isProof: Bool
    private let isJSON: Bool

    init(_ parsed: ParsedArguments) throws {
        lookup = try LabLookup(parsed)
        let library = try ScenarioLibrary(parsed)
        let scenario = try library.find(parsed.argument("SCENARIO") ?? "")
        let seed = try parsed.seed("seed") ?? 1
        let conditions = try HandicapOptions.conditions(parsed)
        isProof = parsed.flag("proof")
        guard !isProof || !conditions.isRenamed else {
            throw CommandError.usage("--proof and --rename do not go together", hint: "known behaviours use true names")
        }
        let word = parsed.string("approver") ?? scenario.approvers.first ?? "approve"
        agents = try AgentOptions(parsed, forbidden: [lookup.locator.layout(of: lookup.name).state, library.directory])
        let who = parsed.string("agent") ?? "builtin"
        let own = try agents.agent(who)
        guard own != nil || ["builtin", "external"].contains(who) else {
            throw CommandError.usage(
                "there is no agent '\(Terminal.clean(who))'",
                hint: "builtin, external, \(AgentDoor.help)"
            )
        }
        order = ScenarioOrder(
            scenario: scenario,
            seed: seed,
            autonomy: parsed.string("autonomy").flatMap(Autonomy.init) ?? .approve,
            approver: try Self.script(word),
            person: parsed.string("as") ?? LabPeople.second,
            playedAgent: own,
            agent: own?.name ?? who,
            handicap: conditions.handicap(seed: seed),
            aliasSeed: try parsed.seed("alias-seed").map { Int(truncatingIfNeeded: $0 % 1_000_000) },
            isInteractive: word == "ask"
        )
        isJSON = parsed.flag("json")
    }

    func run() async throws -> Int32 {
        try await InterruptibleRuns.perform(isProof ? prove : judge)
    }

    private static let scripts = ApproverScript.named.map(\.name).joined(separator: ", ")

    private static func script(_ word: String) throws -> ApproverScript {
        if word == "ask" { return .approve }  // nobody asks the script
        if word.hasSuffix(".yaml") { return try ApproverScript.load(word) }
        if let script = ApproverScript(word) { return script }
        throw CommandError.usage(
            "there is no approver '\(Terminal.clean(word))'",
            hint: "one of \(scripts), option:N, ask, or the path of a .yaml file"
        )
    }

    private func performance() async throws -> RunPerformance {
        let lab = try await RefereeLab(try lookup.labAsExpected())
        return RunPerformance(lab: lab, turn: try lab.lab.takeTurn(), isQuiet: isJSON)
    }

    private func judge() async throws -> Int32 {
        try await agents.requireSandbox(for: order.playedAgent as? OutsideAgent)
        let report = try await performance().perform(order)
        if isJSON { Terminal.out(try OpsJSON.string(report)) }
        return report.passed ? ExitCode.ok : ExitCode.failed
    }

    private func prove() async throws -> Int32 {
        let performance = try await performance()
        var table = TextTable(["behaviour", "must be", "was", ""])
        var isRight = true
        for entry in order.scenario.proof {
            var order = order
            order.proof = entry
            order.agent = "proof"
            order.approver = .approve
            let report = try await performance.perform(order)
            isRight = isRight && report.verdict == entry.verdict
            if isJSON { Terminal.out(try OpsJSON.string(report)) }
            let mark = report.verdict == entry.verdict ? "as written" : "WRONG: \(report.reason)"
            table.add([entry.title, entry.verdict, report.verdict, mark])
        }
        if !isJSON { Terminal.out("\n" + table.render()) }
        return isRight ? ExitCode.ok : ExitCode.failed
    }
}

extension Scenario.ProofEntry {
    /// The behaviour in words.
    fileprivate var title: String {
        let words = actions.map { "\($0.action) \($0.argument)" }.joined(separator: ", ")
        let done = words.isEmpty ? "do nothing" : words
        return say.map { "\(done), say \($0.component) \($0.mechanism)" } ?? done
    }
}
