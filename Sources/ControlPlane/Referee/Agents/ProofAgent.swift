import GateClient
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsScenario
import OpsSpec

/// Carries out a known behaviour over the same four calls that every agent has, so that the oracle can be judged by it.
struct ProofAgent: Sendable {
    var lab: RefereeLab
    var run: ScenarioRun
    var entry: Scenario.ProofEntry

    func start() -> Task<Void, Never> {
        Task {
            do {
                try await work()
                await run.proofEnded(nil)
            } catch {
                guard !Task.isCancelled else { return }  // the run says what that means
                await run.proofEnded("\(error)")
            }
        }
    }

    private func work() async throws {
        let key = try RefereeLab.secret(lab.lab.layout.secret("key-agent"))
        let base = lab.record.ports.url(.gate)
        let host = AgentHostClient(ServiceClient(base: base, key: key, http: lab.lab.http))
        guard let opened = try await waitForIncident(host) else { return }
        let claim = try await host.claim(opened.id, as: AgentClaim(agent: "proof", version: "1"))
        let client = IncidentClient(ServiceClient(base: base, key: claim.key, http: lab.lab.http), incident: opened.id)
        let evidence = try await client.read(ReadRequest(reads: [ReadQuery(read: "change.recent")]))
        let seen = evidence.answers.compactMap(\.evidence)
        try await client.diagnose(diagnosis(seen))
        for step in entry.actions {
            guard !step.isHandOver else { return try await client.escalate(escalation(step.argument, seen)) }
            let option = try await plan().option(step, from: claim.incident.actions)
            let proposal = Proposal(summary: "carry out \(step.action)", options: [option], evidence: seen)
            let receipt = try await client.propose(proposal)
            try Self.requireCarriedOut(step, try await settle(receipt.proposal, client))
        }
    }

    /// Waits for the page; a behaviour that does nothing else ends with the run.
    private func waitForIncident(_ host: AgentHostClient) async throws -> Incident? {
        while !Task.isCancelled {
            if let first = try await host.unclaimed(waiting: 5).first { return first }
        }
        return nil
    }

    private func settle(_ proposal: String, _ client: IncidentClient) async throws -> ProposalOutcome {
        while true {
            try Task.checkCancellation()
            let outcome = try await client.outcome(of: proposal, waiting: 5)
            if !outcome.state.isMoving || outcome.state == .verifying && entry.actions.count == 1 { return outcome }
        }
    }

    /// What was asked for and never done proves nothing about the behaviour.
    static func requireCarriedOut(_ step: Scenario.ProofStep, _ outcome: ProposalOutcome) throws(ProofError) {
        switch outcome.state {
        case .running, .verifying, .done, .recovered, .notRecovered, .unknown: return
        case .pending, .denied, .expired, .superseded, .notDone, .simulated, .blocked:
            let reason = outcome.reason.map { ": \($0)" } ?? ""
            throw ProofError("\(step.action) is \(outcome.state.rawValue)\(reason)")
        }
    }

    private func plan() async -> ProofPlan {
        var broken: [String] = []
        for target in await run.faults.map(\.target) where !broken.contains(target) { broken.append(target) }
        let passwords = lab.topology.config.flatMap(\.secrets).filter { $0.use == .postgresPassword }
        return ProofPlan(
            binding: run.binding,
            draw: run.draw,
            broken: broken,
            sessionOwners: Dictionary(grouping: passwords, by: \.component).mapValues { $0.compactMap(\.role) }
        )
    }

    /// What it says the cause is; the component is the topology's.
    private var cause: Cause {
        let said = entry.say ?? run.order.scenario.expect.cause ?? Cause(component: "none", mechanism: "none")
        return Cause(component: run.binding.component(said.component), mechanism: said.mechanism)
    }

    private func escalation(_ reason: String, _ evidence: [String]) -> Escalation {
        Escalation(reason: reason, component: cause.component, mechanism: cause.mechanism, evidence: evidence)
    }

    private func diagnosis(_ evidence: [String]) -> Diagnosis {
        Diagnosis(
            component: cause.component,
            mechanism: cause.mechanism,
            confidence: .high,
            statement: "a known behaviour says so",
            evidence: evidence
        )
    }
}
