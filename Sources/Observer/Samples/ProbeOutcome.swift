/// How a probe ended.
enum ProbeWord: String, CaseIterable, Sendable {
    case ok
    case refused
    case timeout
    case reset
    case unauthorised
    case badAnswer = "bad-answer"
}

/// The end of a probe with its duration and, where there was one, the code of the answer.
struct ProbeOutcome: Hashable, Sendable {
    var result: String
    var latencyMs: Double?
    var code: String?
}
