internal import OpsModel
public import OpsSpec

/// All that a verdict rests on: who has it can judge the run again, without a lab and years later.
public struct RunRecord: Codable, Hashable, Sendable {
    /// The run's name.
    public var run: String
    /// The version of the judge that gave the verdict.
    public var judge: Int
    /// The scenario's file as it was.
    public var scenario: String
    /// Which component each role stood for.
    public var binding: RoleBinding
    /// What the seed had decided.
    public var draw: Draw
    /// How the run had to end.
    public var end: Scenario.End
    /// What was known.
    public var facts: RunFacts
    /// The verdict that was given.
    public var verdict: Verdict

    /// The record of a verdict by this judge.
    public init(
        run: String,
        scenario: String,
        binding: RoleBinding,
        draw: Draw,
        end: Scenario.End,
        facts: RunFacts,
        verdict: Verdict
    ) {
        self.run = run
        judge = Judge.version
        self.scenario = scenario
        self.binding = binding
        self.draw = draw
        self.end = end
        self.facts = facts
        self.verdict = verdict
    }

    /// What this judge says to it.
    ///
    /// Throws when the scenario of then is none in the language of now.
    public func regraded() throws(SpecProblems) -> Regrade {
        let then = try Scenario.parse(scenario, file: "\(run)'s scenario")
        let ruling = Judge(then, binding: binding, draw: draw).rule(facts, end: end)
        let newer = judge < Judge.version ? judge + 1...Judge.version : nil
        return Regrade(
            run: run,
            scenario: then.id,
            judgeThen: judge,
            judgeNow: Judge.version,
            was: verdict,
            now: ruling.verdict,
            reason: ruling.reason,
            changes: (newer.map(Array.init) ?? []).compactMap { Judge.changes[$0] }
        )
    }
}

/// An old run before today's judge.
public struct Regrade: Codable, Hashable, Sendable {
    /// The run's name.
    public var run: String
    /// The scenario's id.
    public var scenario: String
    /// The version of the judge that gave the first verdict.
    public var judgeThen: Int
    /// The version that gives the second.
    public var judgeNow: Int
    /// The first verdict.
    public var was: Verdict
    /// The second.
    public var now: Verdict
    /// Why the second.
    public var reason: String
    /// What the judge learnt in between, oldest first.
    public var changes: [String]

    /// Whether both agree.
    public var isSame: Bool { was == now }

    private enum CodingKeys: String, CodingKey {
        case run, scenario, was, now, reason, changes
        case judgeThen = "judge_then"
        case judgeNow = "judge_now"
    }
}
