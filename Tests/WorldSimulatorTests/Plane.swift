import OpsModel

@testable import ActionPlane

/// What the signed bytes of a grant allow; nobody can make one but a person who says yes.
struct SignedGrant: Sendable {
    var id: String
    var epoch: Int
    var resource: Int
    /// The value that the resource had when the repair was planned.
    var fingerprint: String
    var wish: Wish
    var expiresAt: Timestamp

    /// What the repair would make of the resource.
    enum Wish: Int, CaseIterable, Sendable {
        /// A value of its own; for a process a start, for what is held its end.
        case mend
        /// The very value that the fault gave it.
        case keep
    }
}

/// A request on its way to ActionPlane, which may be late, twice, out of order or lost.
struct Request: Sendable {
    var key: String
    var grant: String
}

/// An answer on its way back.
struct Answer: Sendable {
    var key: String
    var result: ActionResult
}

/// ActionPlane: its journal, which outlives it, and the runs that are under way.
struct Plane: Sendable {
    struct Worker: Sendable {
        var number: Int
        var key: String
        var grant: SignedGrant
        var consumption: Consumption
        var machine: ActionStateMachine
        var intent: Intent?
        var owner: Owner?
        var until: UInt64?
        /// Where the present step stands.
        var step = StepProgress.before
        var hasFailed = false
        /// What the resource held when the facts were compared, and will hold.
        var values: Values?
    }

    enum StepProgress: Sendable { case before, begun, acted }

    struct Values: Hashable, Sendable {
        var before: String
        var after: String
    }

    var pid = 0
    var lines: [JournalEntry] = []
    var ledger = ActionLedger()
    var workers: [Worker] = []
    var count = 0
    /// Runs that the present life found open, and has not brought to their end yet.
    var recovering: [String] = []
    /// Steps that a recovered run still carries out.
    var resuming: (run: String, steps: Range<Int>, isLast: Bool)?
    var requests: [Request] = []
    var answers: [Answer] = []
    var epochHolds: [Owner] = []
    /// What each intent's resource is to become, as it stands in the journal.
    var values: [String: Values] = [:]

    // MARK: What really happened, for the promises

    /// How often each step of each grant happened.
    var effects: [String: Int] = [:]
    /// Results that were told, by run.
    var ends: [String: ActionState] = [:]
}
