import OpsModel

@testable import ControlPlane

/// Every way in which agents that die, two approvers, pages, the clock, the agents' stop, one agent's pause and a gate that crashes can
/// interleave around one incident, over the gate's real state machine.
///
/// Around it are played: an agent that prepares and then submits, the outbox with its worker, and an ActionPlane that keeps
/// its results by idempotency key and refuses grants of an epoch that is over or of an agent that is paused.
struct GateModel: Sendable {
    /// How much may happen; what is left of it is part of the world.
    struct Budget: Hashable, Sendable {
        var claims = 1
        var proposals = 1
        var steps = 1
        /// What each approver may try.
        var tries = 1
        var ticks = 0
        var stops = 0
        /// How often the first agent may be paused.
        var pauses = 0
        var closes = 0
        var crashes = 0
        var pages = 0
        var escalations = 0
        /// Whether the second option is one that ActionPlane refuses.
        var hasRefusedOption = false
        /// How often an approval may be taken back.
        var revokes = 0
        /// Whether nothing begins for a while after a yes.
        var holds = false
    }

    /// A command that the worker has in hand, and its result once there is one.
    struct Errand: Sendable {
        var command: OutboxCommand
        var result: ActionState?
        var isCommitted = false
    }

    typealias Step = (event: String, world: GateModel)

    static let start = Timestamp(microseconds: 1_800_000_000_000_000)
    static let tick = 30.0
    static let people = ["ann", "bob"]

    let mutant: GateMutant?
    var left: Budget
    var tries: [String: Int]
    var record: IncidentRecord
    var clock = 0
    var keys = 0
    var isAgentDead = false
    /// The epoch under which the agent's next proposal was prepared.
    var draft: Int?
    /// The epoch in the bytes of each approval.
    var drafts: [String: Int] = [:]
    var epoch = 0
    var isFrozen = false
    /// Whether the first agent is paused.
    var isPaused = false
    /// What it had asked before it was paused last.
    var voided: Set<String> = []
    var outbox: [OutboxCommand] = []
    var errand: Errand?
    /// Proposals whose approval was taken back, and heard so.
    var revoked: Set<String> = []
    /// ActionPlane: results by idempotency key; running ones have no end yet.
    var runs: [String: ActionState] = [:]
    var effects: [String: Int] = [:]
    var violation: String?

    init(_ budget: Budget, mutant: GateMutant? = nil) {
        left = budget
        self.mutant = mutant
        tries = Dictionary(uniqueKeysWithValues: Self.people.map { ($0, budget.tries) })
        record = IncidentStory.opened()
    }

    var now: Timestamp { Self.start + Double(clock) * Self.tick + 1 }

    var machine: IncidentStateMachine { IncidentStateMachine(record: record, now: now) }

    var successors: [Step] { agentSteps + peopleSteps + workerSteps + surroundings }

    func changed(_ event: String, _ body: (inout GateModel) -> Void) -> Step {
        var copy = self
        body(&copy)
        return (event, copy)
    }

    /// Commits what the machine decided, and holds it against the promises.
    mutating func commit(_ change: IncidentChange) {
        let before = record
        record = change.record
        outbox += change.commands
        violation = violation ?? Self.broken(from: before, by: change)
    }

    /// A step that the machine may refuse; a refusal changes nothing and is no step.
    func decided(
        _ event: String,
        _ decide: (IncidentStateMachine) throws -> IncidentChange?,
        and more: (inout GateModel) -> Void = { _ in }
    ) -> Step? {
        // A refusal is an answer like any other.
        guard let change = try? decide(machine) else { return nil }
        return changed(event) {
            $0.commit(change)
            more(&$0)
        }
    }
}
