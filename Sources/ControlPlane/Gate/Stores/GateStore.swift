import AgentOps
import OpsModel

/// Keeps incidents; every change is one transaction over record, events and commands.
protocol GateStore: Sendable {
    /// Decides on the record under its lock and commits what was decided; `nil` changes nothing.
    @discardableResult
    func change(
        _ incident: String,
        _ decide: @Sendable (IncidentRecord) throws -> IncidentChange?
    ) async throws -> IncidentRecord

    /// The same under the rules that count at that moment; one that comes later finds this decided.
    @discardableResult
    func decide(
        _ incident: String,
        _ decision: @Sendable (IncidentRecord, GroundRules) throws -> IncidentChange?
    ) async throws -> IncidentRecord

    /// Joins a page to the open incident, or opens one; a page of an incident that is over does not open another.
    func take(_ page: Page, opening: @Sendable (_ id: String) -> IncidentChange, now: Timestamp) async throws

    func record(_ incident: String) async throws -> IncidentRecord
    func records(limit: Int) async throws -> [IncidentRecord]
    /// Those that are not over.
    func openRecords() async throws -> [IncidentRecord]
    /// Those that were over before a moment and that an agent of this name never worked on, the last first.
    func records(endedBefore moment: Timestamp, notBy agent: String, limit: Int) async throws -> [IncidentRecord]
    /// The incident that this key hash unlocks, or unlocked before its claim lapsed.
    func incident(keyHash: String) async throws -> String?
    func events(_ incident: String, after seq: Int) async throws -> [IncidentEvent]
    /// Keeps answers as evidence and gives each its name.
    func keep(_ answers: [ReadAnswer], in incident: String) async throws -> [ReadAnswer]
    func evidence(_ incident: String) async throws -> [ReadAnswer]
    /// The first answers that were kept, at most so many.
    func evidence(_ incident: String, first count: Int) async throws -> [ReadAnswer]

    /// The commands whose end is not known yet, oldest first.
    func waitingCommands() async throws -> [OutboxCommand]
    func finish(_ command: OutboxCommand, with result: ActionResult) async throws
    /// Takes a command out that needs no carrying out.
    func drop(_ command: OutboxCommand, as state: DroppedCommand) async throws

    func policy() async throws -> Policy
    /// Changes what holds when nobody else can; the version rises by one.
    @discardableResult
    func changePolicy(by person: String, _ edit: @Sendable (inout Policy) -> Void) async throws -> Policy
    /// The newest version of every rule, oldest rule first.
    func rules() async throws -> [PolicyRecord]
    /// Every version of a rule, the newest first; empty when there is no such rule.
    func versions(ofRule id: String) async throws -> [PolicyRecord]
    /// Makes a rule, or a new version of one, whose present version may have to be a certain one.
    ///
    /// What the next version says is made of what the present one says; nil leaves it as it is.
    @discardableResult
    func putRule(
        _ id: String?,
        expecting expected: Int?,
        by person: String,
        _ edit: @Sendable (PolicyRecord?) throws -> PolicyDraft?
    ) async throws -> PolicyRecord
    /// The organisation's epoch; a raised one voids every grant made before.
    func epoch() async throws -> Int
    /// Stops or releases all agents and raises the epoch, then voids what waits, one incident after another.
    func freeze(_ isFrozen: Bool, by actor: AuditEntry.Actor, reason: String) async throws -> Int

    /// The last word about every agent that was ever paused.
    func pauses() async throws -> [AgentPause]
    /// Pauses one agent, then voids what waits of it; one that is paused already stays so, as it was.
    func pause(_ agent: String, by person: String, reason: String) async throws -> AgentPause
    /// Voids what still waits of one agent, then lets it act again.
    func resume(_ agent: String, by person: String, reason: String) async throws -> AgentPause
}
