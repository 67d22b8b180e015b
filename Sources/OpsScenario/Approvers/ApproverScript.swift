/// How a scripted approver behaves: what it says to the first request of a run, to the second, and so on.
public struct ApproverScript: Hashable, Sendable {
    /// What it says.
    public enum Answer: Hashable, Sendable {
        /// Yes to an option; nil for the first that can be carried out.
        case approve(option: Int?)
        /// No, with the reason that the agent is given.
        case deny(reason: String)
        /// Nothing at all.
        case nothing
    }

    /// One answer and how long it takes.
    public struct Step: Hashable, Sendable {
        /// What it says.
        public var answer: Answer
        /// How long after it was asked.
        public var after: Duration

        /// An answer, at once unless told otherwise.
        public init(_ answer: Answer, after: Duration = .zero) {
            self.answer = answer
            self.after = after
        }
    }

    /// What it is called in reports.
    public var name: String
    /// At least one; the last one stands for all that follow.
    public var steps: [Step]

    /// A script of one step or more.
    public init(name: String, steps: [Step]) {
        self.name = name
        self.steps = steps
    }

    /// What it says to a request, after so many earlier ones of the same run.
    public func step(after earlier: Int) -> Step { steps[min(earlier, steps.count - 1)] }

    /// Whether it never says anything.
    public var isSilent: Bool { steps.allSatisfy { $0.answer == .nothing } }
}

extension ApproverScript {
    /// Says yes to the first option that can be carried out.
    public static let approve = ApproverScript(name: "approve", steps: [Step(.approve(option: nil))])

    /// The scripts that have a word of their own, in the order of the documentation.
    public static let named = [
        approve, ApproverScript(name: "deny", steps: [Step(.deny(reason: "not now"))]),
        ApproverScript(
            name: "deny-then-approve",
            steps: [Step(.deny(reason: "look once more, then ask again")), Step(.approve(option: nil))]
        ),
        ApproverScript(name: "slow", steps: [Step(.approve(option: nil), after: .seconds(20))]),
        ApproverScript(name: "never", steps: [Step(.nothing)]),
    ]

    /// The script that a word means: one that has it as its name, or `option:N` for yes to that option; nil for no such word.
    public init?(_ word: String) {
        if let known = Self.named.first(where: { $0.name == word }) {
            self = known
        } else if word.hasPrefix("option:"), let number = Int(word.dropFirst(7)), (1...99).contains(number) {
            self.init(name: word, steps: [Step(.approve(option: number))])
        } else {
            return nil
        }
    }
}
