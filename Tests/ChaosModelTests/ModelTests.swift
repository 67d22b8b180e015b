import Testing

@testable import ChaosServer

/// The exhaustive model of fault, guard, holder, undo, kill switch and a repairing agent, over the real state machines.
@Suite("Every order of events")
struct ModelTests {
    /// Two crashes or stops of any process at any moment, a kill switch and a repairing agent: all smaller stories are in it.
    static let whole = Steps.Budget(strikes: 2, hasKill: true, hasAgent: true)

    @Test("No effect after a clean kill, no repair overwritten, no effect without a record, no residue")
    func sound() async {
        let outcome = await Explorer(budget: Self.whole).explore()
        let transcript = outcome.counterexample?.joined(separator: "\n") ?? ""
        #expect(outcome.violation == nil, "\(outcome.violation?.rawValue ?? "")\n\(transcript)")
        #expect(outcome.states > 100_000, "the model must not be vacuous")
    }

    @Test(
        "Worlds with the same key have the same future",
        arguments: [
            Steps.Budget(strikes: 0, hasKill: false, hasAgent: false),
            Steps.Budget(strikes: 1, hasKill: false, hasAgent: false),
        ]
    )
    func keysForgetNothingThatMatters(_ budget: Steps.Budget) async {
        var worlds = [World()]
        var known: Set<World> = [worlds[0]]
        var futures: [World.Key: Set<World.Key>] = [:]
        var at = 0
        while at < worlds.count {
            let world = worlds[at]
            let next = Steps(from: world, budget, nil).found
            let future = Set(next.map { World.Key($0.world) })
            let first = futures[World.Key(world), default: future]
            #expect(first == future, "\(world)")
            futures[World.Key(world)] = first
            worlds += next.map(\.world).filter { known.insert($0).inserted }
            at += 1
            if at.isMultiple(of: 100) { await Task.yield() }
        }
        #expect(worlds.count > 2 * futures.count, "the keys would be of no use")
    }

    @Test("Each defect put in on purpose is found", arguments: Mutant.allCases)
    func mutantsAreCaught(_ mutant: Mutant) async {
        let found = await Explorer(budget: Self.whole, mutant: mutant).explore()
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
