/// Where the organisation's epoch is read: the kill switch of the agents raises it, and a pause of one of them waits for it.
protocol EpochSource: Sendable {
    /// Reads the epoch and keeps it from rising until the hold is committed or abandoned.
    ///
    /// - Throws: `epoch_stale` when it is not the one that was granted under, `agent_paused` when the grant's agent may not
    ///   act, `epoch_unreadable` when either cannot be read.
    func hold(_ origin: GrantOrigin) async throws(ActionError) -> any EpochHold

    /// What a grant made now would have to name; nil when it cannot be read.
    func current() async -> Int?
}

/// The epoch, held still.
protocol EpochHold: Sendable {
    /// What was read.
    var epoch: Int { get }
    /// Whether the records know a run whose intent was committed there.
    ///
    /// - Throws: `epoch_unreadable` when they cannot be asked.
    func knows(run: String) async throws(ActionError) -> Bool
    /// Commits the intent under this epoch; afterwards it may rise.
    func commit(_ intent: Intent, of run: ActionLedger.Run) async throws(ActionError)
    /// Lets go without having begun anything.
    func abandon() async
}
