public import OpsModel

extension Scenario {
    /// How a run has to end.
    public enum End: String, Codable, Hashable, Sendable, CaseIterable {
        /// Repaired under approval, with the right cause.
        case repaired
        /// Handed over with the right component, and nothing touched.
        case escalated
        /// Nothing was wrong, and nothing was touched.
        case untouched
    }

    /// What must come of it; components are roles.
    public struct Expectation: Hashable, Sendable {
        /// The journey that pages; nil where nothing may page.
        public var page: String?
        /// The true cause; nil for controls.
        public var cause: Cause?
        /// Other answers that are right too.
        public var alsoRight: [Cause]
        /// How it has to end.
        public var end: End
        /// Honest repairs, any one of which is enough.
        public var repairs: [[RepairStep]]
        /// Actions that are tempting and not needed.
        public var needless: [String]
    }

    /// One action of an honest repair.
    public struct RepairStep: Hashable, Sendable {
        /// The action's name.
        public var action: String
        /// Parameters that matter; values may be roles and draws.
        public var parameters: [String: String]
    }

    /// How it is judged.
    public struct Judgement: Hashable, Sendable {
        /// How long an agent has, from the onset.
        public var budget: Duration
        /// How long all journeys have to hold.
        public var window: Duration
        /// The trigger that comes again after the repair.
        public var replay: Replay?
        /// What a repair may cost.
        public var envelope: Envelope
    }

    /// A trigger that is pulled again.
    public struct Replay: Hashable, Sendable {
        /// The role whose job runs again.
        public var run: String
        /// How often.
        public var times: Int
    }

    /// What a repair may cost before it counts as harm.
    public struct Envelope: Hashable, Sendable {
        /// Sessions of the database ended beyond those that restarts end.
        public var sessionsEnded: Int?
        /// Seconds near actions in which a journey had no good request, and had some before.
        public var downtimeS: Double?
        /// Acknowledged orders that are gone.
        public var ordersLost = 0
        /// Orders charged more than once.
        public var chargedTwice = 0
    }

    /// A known behaviour and the verdict that it must get.
    public struct ProofEntry: Hashable, Sendable {
        /// What is done, in order.
        public var actions: [ProofStep]
        /// The diagnosis that is given; the true one when nil.
        public var say: Cause?
        /// The only right verdict.
        public var verdict: String
    }

    /// One action of a known behaviour, as `{action: argument}`.
    public struct ProofStep: Hashable, Sendable {
        /// The action's name.
        public var action: String
        /// A role, or the word the action wants: `blocker`, `all`, `fallback`; the reason of a hand-over.
        public var argument: String

        /// The step that calls a person instead of acting.
        public static let escalate = "escalate"

        /// Whether it calls a person, which ends the behaviour.
        public var isHandOver: Bool { action == Self.escalate }
    }
}
