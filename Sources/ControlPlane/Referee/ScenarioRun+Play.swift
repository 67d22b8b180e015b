import ChaosClient
import GateClient
import OpsModel
import OpsScenario
import OpsService
import OpsSystem
import OpsTrust

/// From the end of the steady state to the end of the agent's time.
extension ScenarioRun {
    func play() async throws {
        let start = Timestamp.now()
        let decoys = Task { await self.beginDecoys(from: start) }
        defer { decoys.cancel() }
        try await inject(from: start)
        guard facts.invalid == nil else { return }
        sessionsBefore = await sessionsEnded()
        if order.scenario.injections.isEmpty {
            say(.quiet(commitment: commitment.digest))
            if order.proof?.actions.isEmpty == false { try await FalsePage(lab).raise() }
        }
        let clock = Timestamp.now()
        let worker = order.proof.map { ProofAgent(lab: lab, run: self, entry: $0).start() }
        defer { worker?.cancel() }
        try await follow(until: clock + order.scenario.judge.budget.inSeconds)
    }

    private func beginDecoys(from start: Timestamp) async {
        for decoy in order.scenario.decoys.sorted(by: { draw.seconds(of: $0.at) < draw.seconds(of: $1.at) }) {
            let moment = start + draw.seconds(of: decoy.at)
            try? await Task.sleep(for: .seconds(max(0, moment - .now())))  // cancelled with the run
            guard !Task.isCancelled, let kind = Decoy(rawValue: draw.resolve(decoy.kind)) else { continue }
            do {
                try await kind.begin(in: lab, rate: rate)
            } catch {
                facts.invalid = facts.invalid ?? "a decoy could not be set up: \(error)"
            }
        }
    }

    private func inject(from start: Timestamp) async throws {
        for injection in order.scenario.injections {
            let moment = start + draw.seconds(of: injection.at)
            try await Task.sleep(for: .seconds(max(0, moment - .now())))
            var request = FaultRequest(
                target: binding.component(injection.target),
                roles: binding.components,
                with: injection.with.mapValues(draw.resolve),
                leaseS: injection.lease.inSeconds,
                run: id
            )
            request.instance = injection.instance.map { binding.unit(draw.resolve($0), of: request.target) }
            let record = try await lab.chaos.inject(injection.fault, request)
            faults.append(record)
            guard [.applied, .verified].contains(record.state) else {
                facts.invalid = "the fault is \(record.state.rawValue): \(record.reason ?? "no reason given")"
                return
            }
            say(.sealed(commitment: commitment.digest, leaseS: record.leaseLeftS ?? record.leaseS))
            try await requireEffect(record.id)
        }
    }

    /// A fault that customers do not feel proves nothing; the injector is the one who says so.
    private func requireEffect(_ id: String) async throws {
        let deadline = Timestamp.now() + 10
        while Timestamp.now() < deadline {
            try await Task.sleep(for: .milliseconds(250))
            let record = try await lab.chaos.fault(id)
            if let index = faults.firstIndex(where: { $0.id == id }) { faults[index] = record }
            if let onset = record.effectAt {
                report.onsetAt = report.onsetAt ?? onset
                return
            }
            if record.effect == .ineffective {
                facts.invalid = "the fault is ineffective: \(record.reason ?? "no journey felt it")"
                return
            }
            guard record.endedAt == nil else { break }
        }
        facts.invalid = "nobody can say whether the fault had an effect"
    }

    /// Follows the incident until it is over or the budget is spent, deciding approvals as scripted.
    private func follow(until deadline: Timestamp) async throws {
        var teller = IncidentTeller()
        while Timestamp.now() < deadline {
            try await Task.sleep(for: .milliseconds(150))
            guard let detail = try await currentIncident() else { continue }
            incident = detail
            for event in teller.news(in: detail) { say(event) }
            try await decide(detail)
            guard order.proof == nil || proofIsOver else { continue }
            if detail.incident.endedAt != nil || isProofSettled(detail) { return }
        }
    }

    /// A known behaviour that has done all it does will do nothing more in the rest of the budget.
    private func isProofSettled(_ detail: IncidentDetail) -> Bool {
        guard order.proof != nil else { return false }
        let moving: Set<ProposalState> = [.pending, .running]
        return !detail.proposals.contains { moving.contains($0.outcome.state) }
    }

    private func currentIncident() async throws -> IncidentDetail? {
        if let known = incident?.incident.id { return try await lab.gate.incident(known) }
        guard let opened = try await lab.gate.incidents(limit: 5).first(where: { $0.openedAt >= steadyAt }) else {
            return nil
        }
        report.incident = opened.id
        facts.hasPaged = true
        return try await lab.gate.incident(opened.id)
    }
}
