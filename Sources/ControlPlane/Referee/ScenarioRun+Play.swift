import GateClient
import OpsModel
import OpsScenario
import OpsSystem

/// From the end of the steady state to the end of the agent's time.
extension ScenarioRun {
    func play() async throws {
        if let agent = played, agent.isThereBefore {
            worker = agent.start(in: lab, for: self)
            say(.seated(agent: agent.name, isolation: report.isolation))
        }
        do {
            async let staged: Void = stage(from: .now())
            try await follow()
            try await staged
        } catch {
            await dismiss()
            throw error
        }
        await dismiss()
        guard order.proof?.actions.isEmpty == false, !playedIsOver else { return }
        facts.invalid = facts.invalid ?? "the known behaviour was not carried out within the budget"
    }

    /// The agent that the referee plays works no more; what it had started is gone when this returns.
    private func dismiss() async {
        worker?.cancel()
        await worker?.value
    }

    /// Follows the incident until it is over or the budget is spent, deciding approvals as scripted.
    private func follow() async throws {
        var teller = IncidentTeller()
        while facts.invalid == nil, !period.isOver(at: .now()) {
            try await Task.sleep(for: .milliseconds(150))
            if isStaged, period.budgetStart == nil { return }  // the stage failed, and says why
            if isPointless { return }
            guard !faults.isEmpty || order.scenario.injections.isEmpty, let detail = try await currentIncident() else {
                continue
            }
            if let before = incident, before.incident.id != detail.incident.id {
                earlier.append(before)
                teller = IncidentTeller()
            }
            incident = detail
            for event in teller.news(in: detail) { say(event) }
            try await decide(detail)
            guard isStaged else { continue }
            // Somebody's own agent may wait for the next incident, as the built-in one does.
            let isThrough = !order.isPlayed || playedIsOver
            if isOver(detail.incident), isThrough || order.playedAgent is OutsideAgent { return }
            if isThrough, isSettled(detail) { return }
        }
    }

    /// Where nothing is wrong, an agent that the referee plays and that is through before any page has nothing left to do wrong.
    private var isPointless: Bool {
        isStaged && order.isPlayed && playedIsOver && order.end == .untouched && order.scenario.expect.page == nil
            && incident == nil
    }

    /// Takes in once more what has become of the incident.
    func look() async throws {
        guard let detail = try await currentIncident() else { return }
        incident = detail
        try await decide(detail)
    }

    /// What ended before the last fault was there was about an earlier one: its own incident is still to come.
    private func isOver(_ incident: Incident) -> Bool {
        guard let ended = incident.endedAt, let budgetStart = period.budgetStart else { return false }
        return ended >= budgetStart
    }

    /// An agent that the referee plays, and that has done all it does, will do nothing more in the rest of the budget.
    ///
    /// What was over by itself is seen to be over when its page has cleared.
    private func isSettled(_ detail: IncidentDetail) -> Bool {
        guard order.isPlayed, order.end != .untouched || order.scenario.expect.page == nil else { return false }
        let moving: Set<ProposalState> = [.pending, .running]
        return !detail.proposals.contains { moving.contains($0.outcome.state) }
    }

    /// The incident of this run; when that is over, a newer one if there is any.
    private func currentIncident() async throws -> IncidentDetail? {
        if let known = incident?.incident, known.endedAt == nil { return try await lab.gate.incident(known.id) }
        guard let opened = try await lab.gate.incidents(limit: 5).first(where: { $0.openedAt >= steadyAt }) else {
            return nil
        }
        report.incident = opened.id
        facts.hasPaged = true
        return try await lab.gate.incident(opened.id)
    }
}
