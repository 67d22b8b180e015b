@testable import ChaosServer

/// Walks through every world that can be reached, breadth first, so that the first violation found is a shortest one.
///
/// It gives way now and then: tests beside it wait for processes and have deadlines.
struct Explorer {
    let budget: Steps.Budget
    var mutant: Mutant?

    struct Outcome {
        var states = 0
        /// The steps that lead to the first broken rule.
        var counterexample: [String]?
        var violation: World.Violation?
    }

    func explore() async -> Outcome {
        var outcome = Outcome()
        var worlds = [World()]
        var parents: [(parent: Int, label: String)] = [(-1, "")]
        var known: Set<World.Key> = [World.Key(worlds[0])]
        var at = 0
        while at < worlds.count {
            let steps = Steps(from: worlds[at], self.budget, self.mutant).found
            if !steps.contains(where: \.isProgress), worlds[at].value == .ours {
                outcome.violation = .residue
            }
            for step in steps where outcome.violation == nil && known.insert(World.Key(step.world)).inserted {
                worlds.append(step.world)
                parents.append((at, step.label))
                guard let violation = step.world.violation else { continue }
                outcome.violation = violation
                at = worlds.count - 1
            }
            if outcome.violation != nil {
                outcome.counterexample = Self.path(to: at, parents)
                break
            }
            at += 1
            if at.isMultiple(of: 100) { await Task.yield() }
        }
        outcome.states = worlds.count
        return outcome
    }

    private static func path(to index: Int, _ parents: [(parent: Int, label: String)]) -> [String] {
        var labels: [String] = []
        var at = index
        while at > 0 {
            labels.append(parents[at].label)
            at = parents[at].parent
        }
        return labels.reversed()
    }
}
