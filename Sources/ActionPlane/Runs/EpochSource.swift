/// Where the organisation's epoch is read: the kill switch of the agents raises it.
protocol EpochSource: Sendable {
    /// Reads the epoch and keeps it from rising until the hold is committed or abandoned.
    ///
    /// - Throws: `epoch_stale` when it is not the expected one, `epoch_unreadable` when it cannot be read.
    func hold(_ expected: Int) async throws(ActionError) -> any EpochHold

    /// What a grant made now would have to name; nil when it cannot be read.
    func current() async -> Int?
}

/// The epoch, held still.
protocol EpochHold: Sendable {
    /// What was read.
    var epoch: Int { get }
    /// Commits the intent under this epoch; afterwards it may rise.
    func commit(_ intent: Intent, of run: ActionLedger.Run) async throws(ActionError)
    /// Lets go without having begun anything.
    func abandon() async
}
