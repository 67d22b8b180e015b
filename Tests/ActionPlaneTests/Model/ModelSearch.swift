/// Breadth-first search, so that the first counterexample is a shortest one.
///
/// It gives way now and then: tests beside it wait for processes and have deadlines.
struct ModelSearch {
    struct Report {
        var states = 0
        /// The events that lead to the violation, and the violation itself; empty when there is none.
        var counterexample: [String] = []
    }

    static func explore(_ start: ActionModel, atRest: (ActionModel) -> String?) async -> Report {
        var parents: [ActionModel: (event: String, parent: ActionModel)] = [:]
        var seen: Set<ActionModel> = [start]
        var frontier = [start]
        while !frontier.isEmpty {
            var next: [ActionModel] = []
            for (number, state) in frontier.enumerated() {
                if number.isMultiple(of: 100) { await Task.yield() }
                if let wrong = state.violation ?? (state.isAtRest ? atRest(state) : nil) {
                    return Report(
                        states: seen.count,
                        counterexample: path(to: state, parents) + ["VIOLATION: \(wrong)"]
                    )
                }
                for (event, successor) in state.successors where seen.insert(successor).inserted {
                    parents[successor] = (event, state)
                    next.append(successor)
                }
            }
            frontier = next
        }
        return Report(states: seen.count)
    }

    private static func path(
        to state: ActionModel,
        _ parents: [ActionModel: (event: String, parent: ActionModel)]
    ) -> [String] {
        var events: [String] = []
        var current = state
        while let step = parents[current] {
            events.append(step.event)
            current = step.parent
        }
        return events.reversed()
    }
}
