import OpsModel
import OpsRuntime
import OpsTrust

/// Where agents are served: they claim an incident, ask, diagnose, propose and hand over, and nothing else.
struct AgentDesk: Sendable {
    var store: any GateStore
    var peers: Peers
    var changed: ChangeSignal
    var instanceID: String
    var organisation: String
    /// How long a person has to decide until somebody sets it, in seconds.
    var approvalTimeoutS: Double
    /// How long an agent may be silent before somebody else may take over, in seconds.
    var leaseS = 20.0
    /// Signs policy grants; nil where the gate has no key of its own.
    var signer: SigningKey?
    /// What is kept from agents now.
    var handicaps = HandicapDesk()
    /// What is remembered, where memory is on.
    var memory: IncidentMemory

    /// Incidents that nobody works on yet, oldest first; waits up to `limit` for the first.
    func unclaimed(waiting limit: Duration) async throws -> [Incident] {
        let deadline = ContinuousClock.now + limit
        while true {
            let open = try await store.openRecords().filter { $0.keyHash == nil }.map(\.incident)
            let left = deadline - ContinuousClock.now
            if !open.isEmpty || left <= .zero || Task.isCancelled { return open }
            await changed.wait(atMost: min(left, .seconds(1)))
        }
    }

    /// Gives the incident to an agent; what it is told from now on has the names that a seed stands for.
    func claim(_ id: String, by agent: AgentClaim, renamedBy seed: Int?) async throws -> ClaimedIncident {
        let key = APIKey.generate()
        let name = "agent/\(agent.agent)"
        let record = try await store.change(id) {
            var change = try machine($0).claimed(by: name, keyHash: key.hash.hex, leaseS: leaseS)
            change.record.renameSeed = seed
            return change
        }
        changed.notify()
        return ClaimedIncident(key: key.secretText, incident: try await shown(record))
    }

    func incident(by key: IncidentKey) async throws -> AgentIncident { try await shown(try await alive(key)) }

    func read(_ request: ReadRequest, by key: IncidentKey) async throws -> ReadReply {
        let record = try await alive(key)
        guard (1...64).contains(request.reads.count) else {
            throw GateRefusal(.proposalInvalid, "a request has 1 to 64 reads", hint: "split it")
        }
        var answers: [ReadAnswer] = []
        for query in request.reads where Self.isKept(query) { answers.append(try await lookUp(query, in: record)) }
        let live = request.reads.filter { !Self.isKept($0) }
        var measured = live.isEmpty ? [] : try await peers.read(ReadRequest(reads: live)).answers[...]
        var texts = answers[...]
        let ordered = request.reads.compactMap { Self.isKept($0) ? texts.popFirst() : measured.popFirst() }
        return ReadReply(answers: try await store.keep(ordered, in: key.incident))
    }

    func diagnose(_ diagnosis: Diagnosis, by key: IncidentKey) async throws {
        try await store.change(key.incident) { try machine($0).held(by: key.hash).diagnosed(diagnosis) }
        changed.notify()
    }

    func escalate(_ escalation: Escalation, by key: IncidentKey) async throws {
        try await store.change(key.incident) { try machine($0).held(by: key.hash).escalated(escalation) }
        changed.notify()
    }

    /// Where a proposal stands; waits until it has moved on from `pending`, `running` or `verifying`, or the time is up.
    ///
    /// While it waits the claim is kept: the server ends the task of a client that has gone.
    func outcome(of proposal: String, by key: IncidentKey, waiting limit: Duration) async throws -> ProposalOutcome {
        let deadline = ContinuousClock.now + limit
        while true {
            let record = try await alive(key)
            guard let index = record.proposalIndex(proposal) else {
                throw GateRefusal(.proposalUnknown, "there is no proposal \(proposal) in \(key.incident)")
            }
            let outcome = record.proposals[index].outcome
            let left = deadline - ContinuousClock.now
            if !outcome.state.isMoving || left <= .zero || Task.isCancelled { return outcome }
            await changed.wait(atMost: min(left, .milliseconds(500)))
        }
    }

    /// The record, after the call was noted as a sign of life.
    func alive(_ key: IncidentKey) async throws -> IncidentRecord {
        try await store.change(key.incident) { try machine($0).renewed(by: key.hash) }
    }

    private func machine(_ record: IncidentRecord) -> IncidentStateMachine {
        IncidentStateMachine(record: record, now: .now())
    }

    private func shown(_ record: IncidentRecord) async throws -> AgentIncident {
        AgentIncident(
            id: record.incident.id,
            state: record.incident.state,
            openedAt: record.incident.openedAt,
            pages: record.incident.pages,
            view: try await peers.view(),
            actions: try await peers.catalogue(),
            actionsLeft: record.actionsLeft,
            autonomy: record.autonomy,
            diagnosis: record.diagnoses.last,
            proposals: record.proposals.map(\.outcome)
        )
    }
}
