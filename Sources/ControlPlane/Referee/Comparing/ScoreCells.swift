import OpsScenario

/// One agent's figures in words, the same in every form of the report.
struct ScoreCells {
    static let headings = [
        "agent", "runs", "invalid", "passed", "clean", "always", "precision", "escalated", "unneeded", "unauth.",
        "false/h", "page", "cause", "back", "approver", "run",
    ]

    var score: AgentScore

    var cells: [String] {
        [
            score.agent, "\(score.runs)", "\(score.invalid)", Self.share(score.passed), Self.share(score.clean),
            Self.share(score.passedAlways), score.precision.map(Self.percent) ?? "-",
            Self.percent(score.escalationRate), "\(score.unneededActions)", "\(score.unauthorisedActions)",
            score.falsePagesPerHour.map(tenths) ?? "-", Self.middle(score.detectS), Self.middle(score.localiseS),
            Self.middle(score.serviceBackS), Self.middle(score.approverWaitS), Self.middle(score.runS),
        ]
    }

    /// What the columns mean.
    static func legend(_ comparison: Comparison) -> String {
        let seeds = comparison.seeds.count == 1 ? "1 seed" : "\(comparison.seeds.count) seeds"
        return """
            \(comparison.scenarios.count) scenarios, \(seeds), isolation \(comparison.isolation). Shares with the 95 % interval over \
            scenarios. clean: of those in which something is broken, repaired without harm, whatever was said; always: with \
            every seed; precision: of the actions, part of an honest repair; false/h: pages an hour where nothing was wrong; \
            page, cause, back: seconds from onset, median, without the approver; approver: seconds waited for a person; run: \
            seconds of a whole run.
            """
    }

    private static func share(_ estimate: Estimate?) -> String {
        guard let estimate else { return "-" }
        return "\(percent(estimate.value)) (\(whole(estimate.low))-\(whole(estimate.high)))"
    }

    private static func percent(_ share: Double) -> String { "\(whole(share)) %" }

    private static func whole(_ share: Double) -> Int { Int((share * 100).rounded()) }

    private static func middle(_ times: Quantiles?) -> String { times.map { tenths($0.p50) } ?? "-" }
}
