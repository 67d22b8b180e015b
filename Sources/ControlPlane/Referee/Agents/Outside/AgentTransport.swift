import OpsModel

/// Carries messages to somebody's own agent and back.
protocol AgentTransport: Sendable {
    /// Tells the agent something; one that does not listen any more is found out by the next ``receive(within:)``.
    func send(_ message: JSONValue) async
    /// What it says within so much time.
    ///
    /// - Throws: ``AgentRefusal`` when the agent cannot be listened to any longer, such as a message without an end.
    func receive(within limit: Duration) async throws -> AgentHeard
    /// Ends it; cancelling the task does not keep it from being ended.
    func close() async -> AgentFarewell
}

/// What came of listening to an agent for a while.
enum AgentHeard: Hashable, Sendable {
    /// A message.
    case message([UInt8])
    /// Nothing so far.
    case silence
    /// Nothing until it is told something again: it was asked for its next message and had none.
    case pass
    /// Nothing, now and later.
    case end
}

/// How an agent ended.
struct AgentFarewell: Hashable, Sendable {
    /// What was wrong with its end; nil for one that ended well.
    var problem: String?
    /// What it wrote for its maker.
    var remarks = ""
}
