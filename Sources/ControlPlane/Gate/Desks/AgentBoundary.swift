import OpsModel
import OpsRuntime
import OpsSpec

/// What stands between agents and their desk: while names are changed, it speaks the other names to an agent and the true
/// ones to everybody behind.
///
/// An agent hears one set of names from its claim to the end of the incident, even if the lease of what is kept back ends
/// before; the seed is kept with the incident.
struct AgentBoundary: Sendable {
    var desk: AgentDesk
    /// The other names that a seed stands for.
    var renaming: @Sendable (_ seed: Int) -> Renaming

    var store: any GateStore { desk.store }

    /// Notes a call as a sign of life.
    func alive(_ key: IncidentKey) async throws { _ = try await desk.alive(key) }

    func unclaimed(waiting limit: Duration) async throws -> [Incident] {
        let names = names(desk.handicaps.current()?.renameSeed)
        return try await desk.unclaimed(waiting: limit).map { names?.there($0) ?? $0 }
    }

    /// What may be proposed, in the names that whoever claims an incident now would hear.
    func catalogue() async throws -> [ActionDescription] {
        let names = names(desk.handicaps.current()?.renameSeed)
        return try await desk.peers.catalogue().map { names?.there($0) ?? $0 }
    }

    func claim(_ id: String, by agent: AgentClaim) async throws -> ClaimedIncident {
        let seed = desk.handicaps.current()?.renameSeed
        return try await speaking(names(seed)) {
            let claimed = try await desk.claim(id, by: agent, renamedBy: seed)
            return ClaimedIncident(key: claimed.key, incident: $0?.there(claimed.incident) ?? claimed.incident)
        }
    }

    func incident(by key: IncidentKey) async throws -> AgentIncident {
        try await speaking(names(of: key)) { names in
            let incident = try await desk.incident(by: key)
            return names?.there(incident) ?? incident
        }
    }

    func read(_ request: ReadRequest, by key: IncidentKey) async throws -> ReadReply {
        try await speaking(names(of: key)) { names in
            guard let names else { return try await desk.read(request, by: key) }
            let reply = try await desk.read(ReadRequest(reads: request.reads.map(names.back)), by: key)
            return ReadReply(answers: reply.answers.map(names.there))
        }
    }

    func diagnose(_ diagnosis: Diagnosis, by key: IncidentKey) async throws {
        try await speaking(names(of: key)) { try await desk.diagnose($0?.back(diagnosis) ?? diagnosis, by: key) }
    }

    func propose(_ proposal: Proposal, by key: IncidentKey) async throws -> ProposalReceipt {
        try await speaking(names(of: key)) { names in
            let receipt = try await desk.propose(names?.back(proposal) ?? proposal, by: key)
            return names?.there(receipt) ?? receipt
        }
    }

    func escalate(_ escalation: Escalation, by key: IncidentKey) async throws {
        try await speaking(names(of: key)) { try await desk.escalate($0?.back(escalation) ?? escalation, by: key) }
    }

    func outcome(of proposal: String, by key: IncidentKey, waiting limit: Duration) async throws -> ProposalOutcome {
        try await speaking(names(of: key)) { names in
            let outcome = try await desk.outcome(of: proposal, by: key, waiting: limit)
            return names?.there(outcome) ?? outcome
        }
    }

    /// The names that the holder of a key knows; nil where they are the true ones.
    private func names(of key: IncidentKey) async throws -> Renaming? {
        names(try await desk.store.record(key.incident).renameSeed)
    }

    private func names(_ seed: Int?) -> Renaming? { seed.map(renaming) }

    /// Refusals name things, too.
    private func speaking<Answer>(
        _ names: Renaming?,
        _ call: (Renaming?) async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await call(names)
        } catch let refusal as GateRefusal {
            throw names?.there(refusal) ?? refusal
        }
    }
}
