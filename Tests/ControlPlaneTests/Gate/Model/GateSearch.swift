/// Walks through every world that can be reached, nearest first, so that the first broken promise has a shortest story.
///
/// It gives way now and then: tests beside it wait for processes and have deadlines.
enum GateSearch {
    struct Outcome {
        var worlds = 0
        /// Whether every world was looked at, not only the nearest.
        var isComplete = false
        /// The events that lead to a broken promise, and the promise; empty when none was broken.
        var story: [String] = []
    }

    static func explore(_ start: GateModel, limit: Int) async -> Outcome {
        var worlds = [start]
        var parents: [(parent: Int, event: String)] = [(-1, "")]
        var known: Set<String> = [start.identity]
        var at = 0
        while at < worlds.count, worlds.count < limit {
            for (event, world) in worlds[at].successors where known.insert(world.identity).inserted {
                worlds.append(world)
                parents.append((at, event))
                if let broken = world.broken {
                    return Outcome(
                        worlds: worlds.count,
                        story: story(worlds.count - 1, parents) + ["BROKEN: \(broken)"]
                    )
                }
            }
            at += 1
            if at.isMultiple(of: 100) { await Task.yield() }
        }
        return Outcome(worlds: worlds.count, isComplete: at >= worlds.count)
    }

    private static func story(_ last: Int, _ parents: [(parent: Int, event: String)]) -> [String] {
        var events: [String] = []
        var at = last
        while at > 0 {
            events.append(parents[at].event)
            at = parents[at].parent
        }
        return events.reversed()
    }
}
