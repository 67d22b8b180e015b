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
            guard let page = scenario.expect.page, let cause = scenario.expect.cause,
                let repair = scenario.expect.repairs.first, let binding = RoleBinding(scenario.roles, on: topology)
            else { return nil }
            self.page = page
            let draw = Draw(scenario, seed: 1)
            answer = Answer(
                cause: Cause(component: binding.component(cause.component), mechanism: cause.mechanism),
                steps: repair.map { step in
                    let component = binding.component(draw.resolve(step.parameters["component"] ?? ""))
                    let parameters = step.parameters.map { name, value in
                        let word = binding.component(draw.resolve(value))
                        let meant = name == "instance" ? binding.unit(word, of: component) : word
                        return (name, JSONValue.string(meant))
                    }
                    return ProposedStep(action: step.action, parameters: Dictionary(uniqueKeysWithValues: parameters))
                }
            )
        }
    }
}

extension AlertLookup.Answer {
    /// Decides between answers that are right equally often, the same way each time.
    fileprivate var rank: String { "\(cause.component) \(cause.mechanism) \(steps.map(\.action))" }
}
