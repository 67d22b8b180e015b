/// What somebody's own agent may use up in one run; beyond it the agent is stopped, and judged by what it did until then.
struct AgentLimits: Hashable, Sendable {
    /// Calls, refused and unreadable ones included.
    var calls = 500
    /// Bytes that it writes, over all its messages.
    var outputBytes = 8 << 20
    /// Bytes of one message.
    var messageBytes = 1 << 20
    /// Unreadable messages.
    var badMessages = 20
}

/// What an agent has used up of its limits.
struct AgentUse: Hashable, Sendable {
    private(set) var calls = 0
    private(set) var outputBytes = 0
    private(set) var badMessages = 0
    let limits: AgentLimits

    init(limits: AgentLimits) { self.limits = limits }

    /// Counts one message; the sentence says why it was one too many.
    mutating func count(bytes: Int, isReadable: Bool) -> String? {
        calls += 1
        outputBytes += bytes
        if !isReadable { badMessages += 1 }
        if calls > limits.calls { return "it made more than \(limits.calls) calls" }
        if outputBytes > limits.outputBytes { return "it wrote more than \(limits.outputBytes) bytes" }
        if badMessages > limits.badMessages { return "it sent more than \(limits.badMessages) unreadable messages" }
        return nil
    }
}
