import OpsModel
import OpsScenario
import OpsSpec

/// Knows for each journey's page the one diagnosis and repair that is right most often, and looks at nothing else.
struct AlertLookup: PlayedAgent {
    /// What it does about a page.
    struct Answer: Hashable, Sendable {
        var cause: Cause
        var steps: [ProposedStep]
    }

    let name = "alert-lookup"
    /// By journey.
    private(set) var answers: [String: Answer] = [:]

    init(learningFrom scenarios: [Scenario], on topology: Topology) {
        let lessons = scenarios.compactMap { Lesson($0, on: topology) }
        for (page, lessons) in Dictionary(grouping: lessons, by: \.page) {
            let best = lessons.map(\.answer).map { answer in (answer, lessons.count { $0.answer == answer }) }
            answers[page] = best.max { ($0.1, $1.0.rank) < ($1.1, $0.0.rank) }?.0
        }
    }

    func work(with hands: AgentHands) async throws {
        guard let page = hands.incident.pages.first, let answer = answers[page.journey] else { return }
        try await hands.diagnose(answer.cause, because: "this page has always meant this")
        let option = ProposedOption(title: "what helps with this page", steps: answer.steps)
        _ = try await hands.propose(option, isLast: true)
    }

    /// What one scenario of the public set teaches; nil when nothing pages or nothing repairs it.
    private struct Lesson {
        let page: String
        let answer: Answer

        init?(_ scenario: Scenario, on topology: Topology) {
            guard let page = scenario.expect.page, let repair = scenario.expect.repairs.first,
                let binding = RoleBinding(scenario.roles, on: topology)
            else { return nil }
            let judge = Judge(scenario, binding: binding, draw: Draw(scenario, seed: 1))
            guard let cause = judge.causes.first else { return nil }
            self.page = page
            answer = Answer(
                cause: cause,
                steps: repair.map {
                    ProposedStep(action: $0.action, parameters: judge.parameters(of: $0).mapValues(JSONValue.string))
                }
            )
        }
    }
}

extension AlertLookup.Answer {
    /// Decides between answers that are right equally often, the same way each time.
    fileprivate var rank: String { "\(cause.component) \(cause.mechanism) \(steps.map(\.action))" }
}
