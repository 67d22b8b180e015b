/// How one visit went, as its customer would tell it.
struct Observation: Sendable, Equatable {
    var isGood: Bool
    /// The status, or a word: `slow`, `late`, `refused`, `timeout`, `reset`, `body`, `charged-twice`.
    var code: String
    var instance = ""
    var customer: Int
    var milliseconds: Double
}
