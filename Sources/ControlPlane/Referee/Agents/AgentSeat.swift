import OpsRuntime

/// Who works during a run: the built-in agent works only in its own, and afterwards if it did before.
struct AgentSeat: Hashable, Sendable {
    /// What has to happen to the built-in agent.
    enum Change: Hashable, Sendable {
        case start
        case stop
    }

    /// Before the run; nil when everything is as it has to be.
    var before: Change?
    /// After it, however it ended.
    var after: Change?

    /// Decides from who is judged and where the built-in agent is in its life; one that has just been started is at work, too.
    init(judged agent: String, phase: ProgramState.Phase?) {
        let isBuiltIn = agent == "builtin"
        let isBuiltInUp = [.running, .starting, .backoff].contains(phase)
        if isBuiltIn, !isBuiltInUp { before = .start }
        if !isBuiltIn, isBuiltInUp { (before, after) = (.stop, .start) }
    }
}
