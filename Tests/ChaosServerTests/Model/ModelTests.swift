import Glibc
import Testing

@testable import ChaosServer

/// The exhaustive model of fault, guard, holder, undo, kill switch and a repairing agent, over the real state machines.
@Suite("Every order of events")
struct ModelTests {
    static let small = Steps.Budget(strikes: 0, hasKill: false, hasAgent: false)
    static let budgets: [Steps.Budget] = [
        small,
        Steps.Budget(strikes: 0, hasKill: true, hasAgent: true),
        Steps.Budget(strikes: 1, hasKill: false, hasAgent: true),
        Steps.Budget(strikes: 1, hasKill: true, hasAgent: false),
        Steps.Budget(strikes: 2, hasKill: false, hasAgent: false),
        Steps.Budget(strikes: 2, hasKill: true, hasAgent: true, canStop: false),
    ]

    /// How many worlds are looked at, nearest first; `OPSLAB_MODEL_WORLDS` sets more for a long run.
    static let limit = getenv("OPSLAB_MODEL_WORLDS").flatMap { Int(String(cString: $0)) } ?? 50_000

    @Test(
        "No effect after a clean kill, no repair overwritten, no effect without a record, no residue",
        arguments: budgets
    )
    func sound(_ budget: Steps.Budget) async {
        let outcome = await Explorer(budget: budget).explore(limit: Self.limit)
        let transcript = outcome.counterexample?.joined(separator: "\n") ?? ""
        #expect(outcome.violation == nil, "\(outcome.violation?.rawValue ?? "")\n\(transcript)")
        #expect(outcome.isComplete || outcome.states >= Self.limit)
    }

    @Test("The undisturbed life of a fault is looked at as a whole")
    func complete() async {
        let outcome = await Explorer(budget: Self.small).explore(limit: Self.limit)
        #expect(outcome.isComplete)
        #expect(outcome.states > 1_000, "the model must not be vacuous")
    }

    @Test("Each defect put in on purpose is found", arguments: Mutant.allCases)
    func mutantsAreCaught(_ mutant: Mutant) async throws {
        var caught: Explorer.Outcome?
        for budget in Self.budgets where caught == nil {
            let outcome = await Explorer(budget: budget, mutant: mutant).explore(limit: 40_000)
            if outcome.violation != nil { caught = outcome }
        }
        let found = try #require(caught, "the model does not notice \(mutant)")
        let expected: World.Violation =
            switch mutant {
            case .naiveUndo, .twoStepCompare: .repairOverwritten
            case .noFence: .effectAfterCleanKill
            case .noServerDuty: .residue
            }
        #expect(found.violation == expected)
        #expect((found.counterexample ?? []).count < 25, "the shortest way to the defect is printed, not a long one")
    }
}
