import OpsModel
import OpsRuntime
import OpsSpec

/// What stands between agents and their desk: while names are changed, it speaks the other names to an agent and the true
/// ones to everybody behind.
///
/// All agents of an incident hear one set of names, from its first claim to its end, even if the lease of what is kept back
/// ends before; the seed is kept with the incident. Whatever an agent says is measured here, and goes in under the true names:
/// a refusal that repeats it says it as the agent did.
struct AgentBoundary: Sendable {
    var desk: AgentDesk
    /// The other names that a seed stands for.
    var renaming: @Sendable (_ seed: Int) -> Renaming

    var store: any GateStore { desk.store }

    /// Notes a call as a sign of life.
    func alive(_ key: IncidentKey) async throws { _ = try await desk.alive(key) }

    func unclaimed(waiting limit: Duration) async throws -> [Incident] {
        let free = try await desk.unclaimed(waiting: limit)
        // Only now: names may have changed during the wait.
        let seed = desk.handicaps.current()?.renameSeed
        return free.map { names($0.seed(inForce: seed))?.there($0.incident) ?? $0.incident }
    }

    /// What may be proposed, for whoever works on no incident: nothing in it is called anything.
    func catalogue() async throws -> [ActionDescription] {
        let names = renaming(0)  // any will do, each changes every name
        return try await desk.peers.catalogue().map { names.nameless($0) }
    }

    /// What may be proposed, in the names of the incident that a key opens.
    func catalogue(for key: IncidentKey) async throws -> [ActionDescription] {
        let names = try await names(of: key)
        return try await desk.peers.catalogue().map { names?.there($0) ?? $0 }
    }

    func claim(_ id: String, by agent: AgentClaim) async throws -> ClaimedIncident {
        try RecordBounds.check(agent)
        let seed = desk.handicaps.current()?.renameSeed
        return try await speaking(names(seed)) { present in
            let (claimed, kept) = try await desk.claim(present?.back(id) ?? id, by: agent, renamedBy: seed)
            guard let names = names(kept) else { return claimed }
            return ClaimedIncident(key: claimed.key, incident: names.there(claimed.incident))
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
        try RecordBounds.check(diagnosis)
        try await speaking(names(of: key)) { names in
            guard let names else { return try await desk.diagnose(diagnosis, by: key) }
            return try await desk.diagnose(names.back(diagnosis), asSaid: diagnosis, by: key)
        }
    }

    func propose(_ proposal: Proposal, by key: IncidentKey) async throws -> ProposalReceipt {
        try RecordBounds.check(proposal)
        return try await speaking(names(of: key)) { names in
            let receipt = try await desk.propose(names?.back(proposal) ?? proposal, by: key)
            return names?.there(receipt) ?? receipt
        }
    }

    func escalate(_ escalation: Escalation, by key: IncidentKey) async throws {
        try RecordBounds.check(escalation)
        try await speaking(names(of: key)) { try await desk.escalate($0?.back(escalation) ?? escalation, by: key) }
    }

    func outcome(of proposal: String, by key: IncidentKey, waiting limit: Duration) async throws -> ProposalOutcome {
        try await speaking(names(of: key)) { names in
            let wanted = names?.back(proposal) ?? proposal
            let outcome = try await desk.outcome(of: wanted, by: key, waiting: limit)
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
