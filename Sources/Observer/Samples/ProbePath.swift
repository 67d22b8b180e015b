/// Who asked whom: the target, the alternative of a provider, and the vantage point.
struct ProbePath: Hashable, Sendable {
    var target: String
    /// Which alternative of a provider or which instance; nil for the whole component.
    var part: String?
    /// `observer`, or the instance that asked.
    var from: String
}
