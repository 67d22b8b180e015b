/// How long a press of the kill switch waits for the undos before it answers; the same at every door.
struct KillWait: Hashable, Sendable {
    static let standard = KillWait(seconds: 1)
    private static let longest = 10.0
    let duration: Duration

    private init(seconds: Double) { self.duration = .milliseconds(Int(seconds * 1_000)) }

    /// `3s` or plain seconds from 0 to 10.
    ///
    /// - Throws: `bad_parameter` for anything else; nothing was pressed then.
    init(_ text: String) throws(ChaosError) {
        try self.init(checking: Double(text.hasSuffix("s") ? text.dropLast() : text[...]))
    }

    /// Seconds from 0 to 10.
    init(checking seconds: Double?) throws(ChaosError) {
        guard let seconds, (0...Self.longest).contains(seconds) else {
            throw ChaosError(.badParameter, "wait must be seconds from 0 to 10", hint: "such as wait=3s")
        }
        self.init(seconds: seconds)
    }
}
