/// What was reached: each decider's transitions, and each kind of disturbance.
struct Coverage: Sendable {
    /// Whether those deciders are looked at too that are asked at every turn: that takes several times as long as the story.
    var isThorough = false
    private(set) var transitions: [String: Int] = [:]
    private(set) var strikes: [String: Int] = [:]

    /// Notes a decider's answer to an event, both without what they carry.
    mutating func add(_ decider: String, _ event: @autoclosure () -> String, _ answer: @autoclosure () -> String) {
        guard isThorough || !Self.busy.contains(decider) else { return }
        transitions["\(decider): \(Self.word(event())) -> \(Self.word(answer()))", default: 0] += 1
    }

    mutating func strike(_ name: String) { strikes[name, default: 0] += 1 }

    mutating func merge(_ other: Coverage) {
        transitions.merge(other.transitions) { $0 + $1 }
        strikes.merge(other.strikes) { $0 + $1 }
    }

    private static let busy: Set = ["admission", "injection", "holder", "undo", "compare", "watch"]

    private static func word(_ text: String) -> String { String(text.prefix { $0 != "(" && $0 != ":" }) }
}
