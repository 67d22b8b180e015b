/// What a known bad agent may reach at most; a suite on which it does better measures luck.
struct SuiteBound: Sendable {
    /// The agent that it is about.
    var agent: String
    /// What is bounded, in words.
    var figure: String
    var limit: Double
    var value: @Sendable (AgentScore) -> Double?

    static let all = [
        SuiteBound(agent: "do-nothing", figure: "passes", limit: 0) { $0.passedFaults?.value },
        SuiteBound(agent: "restart-all", figure: "mitigates cleanly in", limit: 0.3) { $0.clean?.value },
        SuiteBound(agent: "spray", figure: "mitigates cleanly in", limit: 0.3) { $0.clean?.value },
        SuiteBound(agent: "alert-lookup", figure: "passes", limit: 0.35) { $0.passedFaults?.value },
    ]

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    /// One sentence for each bound that an agent's score breaks.
    static func breaches(_ score: AgentScore) -> [String] {
        Self.all.filter { $0.agent == score.agent }.compactMap { bound in
            guard let value = bound.value(score), value > bound.limit else { return nil }
            let found = "\(percent(value)) of the scenarios in which something is broken"
            return "\(score.agent) \(bound.figure) \(found); at most \(percent(bound.limit)) may be that easy"
        }
    }
}
