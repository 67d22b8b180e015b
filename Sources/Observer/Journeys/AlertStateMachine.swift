internal import OpsModel

/// Decides when a journey's page goes out and when it is taken back, and does neither.
///
/// Quiet, pending, firing, quiet again. A rule must hold on as many samples in a row as it asks for; a page stays out until
/// as many samples in a row were healthy as `keepFiring` says. A starved sample moves nothing in either direction: it is
/// no part of a row and does not break one.
struct AlertStateMachine: Sendable {
    /// Where the alert stands.
    enum State: Hashable, Sendable {
        case quiet
        case pending(since: Timestamp)
        case firing(rule: String, since: Timestamp, healthy: Int)
    }

    /// What the owner of the machine has to do, exactly once.
    enum Action: Hashable, Sendable {
        case none
        case fire(rule: String)
        case resolve(rule: String, since: Timestamp)
    }

    let rules: [BurnRule]
    /// Healthy samples in a row that take a page back.
    let keepFiring: Int
    private(set) var state: State
    private var rows: [String: Int] = [:]

    /// The state is `firing` when a page was out as the process before this one ended.
    init(rules: [BurnRule], keepFiring: Int = 10, state: State = .quiet) {
        self.rules = rules
        self.keepFiring = keepFiring
        self.state = state
    }

    var isFiring: Bool {
        if case .firing = state { true } else { false }
    }

    mutating func observe(_ evaluation: BurnEvaluation) -> Action {
        guard !evaluation.isStarved else { return .none }
        switch state {
        case .quiet, .pending: return observeQuiet(evaluation)
        case .firing(let rule, let since, let healthy):
            return observeFiring(evaluation, rule: rule, since: since, healthy: healthy)
        }
    }

    private mutating func observeQuiet(_ evaluation: BurnEvaluation) -> Action {
        for rule in rules {
            rows[rule.name] = evaluation.holding.contains(rule.name) ? rows[rule.name, default: 0] + 1 : 0
        }
        if let rule = rules.first(where: { rows[$0.name, default: 0] >= $0.consecutive }) {
            state = .firing(rule: rule.name, since: evaluation.at, healthy: 0)
            rows = [:]
            return .fire(rule: rule.name)
        }
        guard !evaluation.holding.isEmpty else {
            state = .quiet
            return .none
        }
        if case .quiet = state { state = .pending(since: evaluation.at) }
        return .none
    }

    private mutating func observeFiring(
        _ evaluation: BurnEvaluation,
        rule: String,
        since: Timestamp,
        healthy: Int
    ) -> Action {
        let row = evaluation.isHealthy ? healthy + 1 : 0
        guard row >= keepFiring else {
            state = .firing(rule: rule, since: since, healthy: row)
            return .none
        }
        state = .quiet
        return .resolve(rule: rule, since: since)
    }
}
