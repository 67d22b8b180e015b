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
                await run.proofEnded("the known behaviour could not be carried out: \(error)")
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
            let proposal = Proposal(
                summary: "carry out \(step.action)",
                options: [ProposedOption(title: step.action, steps: [await proposed(step, claim.incident.actions)])],
                evidence: seen
            )
            let receipt = try await client.propose(proposal)
            try await settle(receipt.proposal, client)
        }
    }

    /// Waits for the page; a behaviour that does nothing else ends with the run.
    private func waitForIncident(_ host: AgentHostClient) async throws -> Incident? {
        while !Task.isCancelled {
            if let first = try await host.unclaimed(waiting: 5).first { return first }
        }
        return nil
    }

    private func settle(_ proposal: String, _ client: IncidentClient) async throws {
        while !Task.isCancelled {
            let outcome = try await client.outcome(of: proposal, waiting: 5)
            if !outcome.state.isMoving || outcome.state == .verifying && entry.actions.count == 1 { return }
        }
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

    private func proposed(_ step: Scenario.ProofStep, _ actions: [ActionDescription]) async -> ProposedStep {
        let word = run.draw.resolve(step.argument)
        let target = await run.faults.first?.target ?? run.binding.components.values.sorted().first ?? ""
        let component = run.binding.components[step.argument] ?? target
        var parameters: [String: JSONValue] = ["component": .string(component)]
        switch step.action {
        case "terminate-sessions" where word == "all":  // all of the application's own role
            parameters["which"] = .string("owner")
            parameters["owner"] = lab.topology.config.flatMap(\.secrets).compactMap(\.role).first.map { .string($0) }
        case "terminate-sessions": parameters["which"] = .string(word)
        case "switch-to-fallback": parameters["to"] = .string(word)
        case "restart-service" where Int(word) != nil: parameters["instance"] = .string("\(component)-\(word)")
        default: break
        }
        let known = actions.first { $0.name == step.action }?.parameters["properties"]?.objectValue ?? [:]
        return ProposedStep(action: step.action, parameters: parameters.filter { known[$0.key] != nil })
    }
}
