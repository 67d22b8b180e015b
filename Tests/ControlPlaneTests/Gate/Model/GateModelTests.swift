import Glibc
import Testing

@testable import ControlPlane

/// The exhaustive model of the gate, over its real state machine.
@Suite("Every order of events around one incident")
struct GateModelTests {
    typealias Budget = GateModel.Budget

    static let budgets: [Budget] = [
        Budget(tries: 2, ticks: 3, hasRefusedOption: true),
        Budget(claims: 2, proposals: 2, ticks: 2),
        Budget(steps: 2, stops: 2, crashes: 1),
        Budget(steps: 2, closes: 1, crashes: 2, escalations: 1),
        Budget(proposals: 2, stops: 2, pages: 2),
        Budget(steps: 2, closes: 1, crashes: 1, revokes: 1),
        Budget(proposals: 2, ticks: 2, revokes: 1, holds: true),
        Budget(proposals: 2, pauses: 2, crashes: 1),
        Budget(claims: 2, ticks: 1, pauses: 1),
        Budget(claims: 2, proposals: 2, tries: 2, ticks: 3, stops: 1, closes: 1, crashes: 1, pages: 2, escalations: 1),
    ]

    /// How many worlds are looked at, nearest first; `OPSLAB_MODEL_WORLDS` sets more for a long run.
    static let limit = getenv("OPSLAB_MODEL_WORLDS").flatMap { Int(String(cString: $0)) } ?? 30_000

    @Test(
        "Nothing is done without one yes, nothing twice, nothing after an end, and all that was begun ends",
        arguments: budgets
    )
    func keepsItsPromises(_ budget: Budget) async {
        let outcome = await GateSearch.explore(GateModel(budget), limit: Self.limit)
        #expect(outcome.story.isEmpty, "\(outcome.story.joined(separator: "\n"))")
        #expect(outcome.worlds > 500, "the model must not be vacuous")
        #expect(outcome.isComplete || budget == Self.budgets.last, "all but the largest are looked at as a whole")
    }

    @Test("Each check that is left out on purpose is missed", arguments: GateMutant.allCases)
    func noticesWhatIsMissing(_ mutant: GateMutant) async throws {
        var caught: GateSearch.Outcome?
        for budget in Self.budgets where caught == nil {
            let outcome = await GateSearch.explore(GateModel(budget, mutant: mutant), limit: 30_000)
            if !outcome.story.isEmpty { caught = outcome }
        }
        let found = try #require(caught, "the model does not notice \(mutant)")
        #expect(found.story.last?.contains(Self.words[mutant] ?? "?") == true, "\(found.story.joined(separator: "\n"))")
        #expect(found.story.count < 20, "the shortest story is told, not a long one")
    }

    static let words: [GateMutant: String] = [
        .decidesTwice: "decided again", .ignoresExpiry: "after it had expired", .approvesItself: "who asked decided",
        .acceptsLapsedKeys: "claim had lapsed", .asksTwice: "two questions",
        .forgetsTheStop: "epoch that is over", .sendsWithoutLooking: "went out after",
        .forgetsWhatIsUnderWay: "never ends", .takesRunningForAnEnd: "told as not_done",
        .approvesTheImpossible: "option was approved that is refused",
        .forgetsTheAllClear: "keeps its incident open", .forgetsTheRevoke: "approval was taken back",
        .forgetsThePause: "its agent had been paused", .asksWhilePaused: "a paused agent asked",
    ]
}
