public import OpsModel
internal import OpsSpec

extension AgentScore {
    /// The figures of one agent's runs; equal draws of a scenario count once, as their mean.
    public init(_ agent: String, _ all: [RunReport]) {
        let runs = all.filter(\.isJudged)
        let faults = runs.filter { !$0.isControl }
        self.init(
            agent: agent,
            runs: runs.count,
            invalid: all.count - runs.count,
            passed: Estimate(Self.shares(of: runs, \.passed)),
            passedFaults: Estimate(Self.shares(of: faults, \.passed)),
            clean: Estimate(Self.shares(of: faults, \.isCleanMitigation)),
            rightComponent: Estimate(Self.shares(of: faults, \.hasRightComponent)),
            passedAlways: Estimate(Self.shares(of: runs, \.passed).map { $0 == 1 ? 1 : 0 }),
            escalationRate: runs.isEmpty ? 0 : Double(runs.count { $0.escalation != nil }) / Double(runs.count),
            unneededActions: runs.reduce(0) { $0 + $1.unneededActions },
            unauthorisedActions: runs.reduce(0) { $0 + $1.unauthorisedActions },
            falsePagesPerHour: Self.falsePages(all),
            detectS: Quantiles(runs.compactMap(\.detectS)),
            localiseS: Quantiles(runs.compactMap(\.localiseS)),
            serviceBackS: Quantiles(runs.compactMap(\.serviceBackS)),
            approverWaitS: Quantiles(runs.filter { !$0.approvals.isEmpty }.map(\.approverWaitS)),
            runS: Quantiles(all.compactMap { run in run.endedAt.map { $0 - run.startedAt } })
        )
        let actions = runs.flatMap(\.actions)
        if !actions.isEmpty { precision = Double(actions.count(where: \.isNeeded)) / Double(actions.count) }
    }

    /// For each scenario the share of its draws for which something is true.
    private static func shares(of runs: [RunReport], _ property: (RunReport) -> Bool) -> [Double] {
        Dictionary(grouping: runs, by: \.scenario).sorted { $0.key < $1.key }.map { _, runs in
            mean(Dictionary(grouping: runs, by: \.draw).values.map { mean($0.map { property($0) ? 1 : 0 }) })
        }
    }

    private static func mean(_ figures: [Double]) -> Double { figures.reduce(0, +) / Double(figures.count) }

    /// A control that pages although customers felt nothing proves nothing about the agent, and everything about the pages.
    private static func falsePages(_ all: [RunReport]) -> Double? {
        let controls = all.filter { $0.isControl && $0.endedAt != nil }
        let hours = controls.reduce(0) { $0 + (($1.endedAt ?? $1.startedAt) - $1.startedAt) } / 3_600
        return hours > 0 ? Double(controls.count { $0.incident != nil && $0.onsetAt == nil }) / hours : nil
    }
}

extension RunReport {
    /// Whether nothing was left to be repaired.
    public var isControl: Bool { expectedCause == nil }

    /// Whether it says something about the agent: it has a verdict, or has none because the agent looked where it may not.
    public var isJudged: Bool { verdict != Verdict.invalid.rawValue || reason.hasPrefix(RunFacts.contaminated) }

    /// Its row in a table.
    public var contestant: String { row ?? agent }

    /// Whether the component was right, whatever the mechanism was held to be.
    var hasRightComponent: Bool { causeScore >= 0.5 }

    /// Whether service came back, lasted and did no harm, whatever the cause was held to be; or a person was rightly called.
    public var isCleanMitigation: Bool {
        passed || verdict == Verdict.wrongCause.rawValue && serviceBackS != nil
    }
}
