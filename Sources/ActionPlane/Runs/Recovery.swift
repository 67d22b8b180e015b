/// Decides what becomes of a run that a crash cut off, from what the journal says and what the world shows.
///
/// It never repeats: a step is carried out after a crash only if the world shows that it did not happen, the steps before
/// it did, and the action declared that going on is safe.
enum Recovery: Hashable, Sendable {
    /// No effect, or none left.
    case notDone
    /// Every step is in the world.
    case doneRecovered
    /// Carry out these steps; the run is done only if they are the last ones, else a person has to look.
    case resume(Range<Int>)
    /// Hand it to a person, with what was found.
    case unknown

    /// For a run whose grant was consumed; `states` holds one entry per step of the intent, nil when there is no intent.
    static func decide(states: [StepState]?, steps: [ActionStep]) -> Recovery {
        guard let found = states, !found.isEmpty else { return .notDone }
        let states = withChecksInOrder(found, steps)
        let done = states.prefix { $0 == .after }.count
        if done == states.count { return .doneRecovered }
        guard states[done...].allSatisfy({ $0 == .before }) else { return .unknown }
        if done == 0 { return .notDone }
        let resumable = steps[done...].prefix(while: \.isResumable).count
        return resumable == 0 ? .unknown : .resume(done..<(done + resumable))
    }

    /// A check has no effect of its own to find: one that stands before an effect was passed, one that stands behind a
    /// missing effect is still to come, whatever it would say now.
    private static func withChecksInOrder(_ states: [StepState], _ steps: [ActionStep]) -> [StepState] {
        zip(states.indices, steps).map { index, step in
            guard step.isCheck else { return states[index] }
            func isEffect(_ other: Int, _ state: StepState) -> Bool { !steps[other].isCheck && states[other] == state }
            if states.indices[(index + 1)...].contains(where: { isEffect($0, .after) }) { return .after }
            return states.indices[..<index].contains { isEffect($0, .before) } ? .before : states[index]
        }
    }
}
