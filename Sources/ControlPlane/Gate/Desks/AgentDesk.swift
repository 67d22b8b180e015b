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
    /// Who started the lab; nil while nobody has said so.
    var startedBy: String?
    /// What ActionPlane demands, as the gate's copy has it; nil where there is none.
    var trust: @Sendable () throws -> TrustFile? = { nil }

    /// Incidents that nobody works on yet, oldest first; waits up to `limit` for the first.
    func unclaimed(waiting limit: Duration) async throws -> [IncidentRecord] {
        let deadline = ContinuousClock.now + limit
        while true {
            let open = try await store.openRecords().filter { $0.keyHash == nil }
            let left = deadline - ContinuousClock.now
            if !open.isEmpty || left <= .zero || Task.isCancelled { return open }
            await changed.wait(atMost: min(left, .seconds(1)))
        }
    }

    /// Gives the incident to an agent, and tells what its names are drawn from: the seed, unless it was claimed before.
    ///
    /// All that the agent is told is fetched first: a claim that it never hears of would hold the incident for a whole lease.
    func claim(
        _ id: String,
        by agent: AgentClaim,
        renamedBy seed: Int?
    ) async throws -> (claimed: ClaimedIncident, renameSeed: Int?) {
        let key = APIKey.generate()
        let name = "agent/\(agent.agent)"
        let setting = try await setting()
        let record = try await store.change(id) {
            try machine($0).claimed(by: name, keyHash: key.hash.hex, leaseS: leaseS, renamedBy: seed)
        }
        changed.notify()
        return (ClaimedIncident(key: key.secretText, incident: shown(record, in: setting)), record.renameSeed)
    }

    func incident(by key: IncidentKey) async throws -> AgentIncident {
        let record = try await alive(key)
        return shown(record, in: try await setting())
    }

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

    func diagnose(_ diagnosis: Diagnosis, asSaid said: Diagnosis? = nil, by key: IncidentKey) async throws {
        try await store.change(key.incident) {
            try machine($0).held(by: key.hash).diagnosed(diagnosis, asSaid: said)
        }
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

    /// What an agent is told beside the record: the system, and what may be proposed.
    private func setting() async throws -> (view: AgentView, actions: [ActionDescription]) {
        (try await peers.view(), try await peers.catalogue())
    }

    private func shown(
        _ record: IncidentRecord,
        in setting: (view: AgentView, actions: [ActionDescription])
    ) -> AgentIncident {
        AgentIncident(
            id: record.incident.id,
            state: record.incident.state,
            openedAt: record.incident.openedAt,
            pages: record.incident.pages,
            view: setting.view,
            actions: setting.actions,
            actionsLeft: record.actionsLeft,
            autonomy: record.autonomy,
            diagnosis: record.toldDiagnosis,
            proposals: record.proposals.map(\.outcome)
        )
    }
}
