import OpsModel

/// Carries messages to somebody's own agent and back.
protocol AgentTransport: Sendable {
    /// Tells the agent something; one that does not listen any more is found out by the next ``receive()``.
    func send(_ message: JSONValue) async
    /// The next message; nil when nothing more will come.
    ///
    /// - Throws: ``AgentRefusal`` when the agent cannot be listened to any longer, such as a message without an end.
    func receive() async throws -> [UInt8]?
    /// Ends it; cancelling the task does not keep it from being ended.
    func close() async -> AgentFarewell
}

/// How an agent ended.
struct AgentFarewell: Hashable, Sendable {
    /// What was wrong with its end; nil for one that ended well.
    var problem: String?
    /// What it wrote for its maker.
    var remarks = ""
}
