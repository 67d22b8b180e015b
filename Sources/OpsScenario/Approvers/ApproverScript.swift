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

    /// What comes between a yes and its effect.
    public enum Twist: Hashable, Sendable {
        /// Before it is said, a fact that the question rests on has become another one.
        case drift
        /// As soon as it is said, it is taken back, with a reason.
        case revoke(reason: String)
    }

    /// One answer and how long it takes.
    public struct Step: Hashable, Sendable {
        /// What it says.
        public var answer: Answer
        /// How long after it was asked.
        public var after: Duration
        /// What happens beside it; nil for an answer that is only given.
        public var twist: Twist?

        /// An answer, at once unless told otherwise.
        public init(_ answer: Answer, after: Duration = .zero, twist: Twist? = nil) {
            self.answer = answer
            self.after = after
            self.twist = twist
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

    /// Whether it takes anything back.
    public var revokes: Bool {
        steps.contains { step in
            if case .revoke = step.twist { true } else { false }
        }
    }
}
