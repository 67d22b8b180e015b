import OpsHTTP
import OpsModel
import OpsScenario
import OpsSpec

/// What the run cost, by the customers' ledger and by the census of the world.
extension ScenarioRun {
    func close(since before: WorldSnapshot, _ programs: ProgramWatch) async throws {
        try await audit()
        let now = Timestamp.now()
        let watch = try await watch(from: reset, to: now)
        report.journeys = watch.statuses(from: reset, to: now).map {
            RunJourney(journey: $0.journey, objective: $0.objective, good: $0.good, bad: $0.bad)
        }
        report.timeline = timeline.timeline(events: events, watch: watch)
        facts.downtimeS = watch.outage(near: ActionSpan.all(in: events))
        let census = WorldCensus(lab)
        let after = try await reading(census)
        let ledger = try census.ledger(since: reset, faults: faults)
        if let first = sessionsBefore, let last = sessionsAfter, !ledger.mayStopDatabase {
            facts.sessionsEnded = max(0, last - first)
        }
        let findings = CensusFindings(
            before,
            after,
            history: try await programs.history(),
            ledger: ledger,
            done: facts.actions.filter { $0.state == .done }
        )
        facts.unauthorised = findings.unaccounted.count
        facts.leaked += findings.residue.count
        if facts.actions.isEmpty {
            facts.leaked += findings.damage.count
        } else {
            facts.damage = findings.damage
        }
        report.census = findings.unaccounted + findings.residue + findings.damage
        // What the reset itself cost is nobody's doing, and what a fault cost that is over is its own.
        if order.end == .untouched, faults.isEmpty { facts.broken += watch.brokenJourneys(from: steadyAt, to: now) }
    }

    /// Whether orders are lost or charged twice is known where customers keep a ledger, which a topology says.
    private func audit() async throws {
        guard lab.topology.journeys.contains(where: { $0.good.ledger != nil }) else {
            notes.append("nobody keeps a ledger of \(lab.topology.system): lost and doubled orders were not looked for")
            return
        }
        let audit: LedgerAudit = try await lab.load.get(
            "/ledger/audit?since=\(reset.secondsSinceEpoch)",
            timeout: .seconds(20)
        )
        facts.ordersLost = audit.ordersLost
        facts.chargedTwice = audit.chargedTwice
    }

    /// What is on its way out when the run ends gets two seconds to be gone.
    private func reading(_ census: WorldCensus) async throws -> WorldSnapshot {
        let marks = faults.flatMap(\.marks)
        let end = ContinuousClock.now + .seconds(2)
        while true {
            let snapshot = try await census.take(lookingFor: marks)
            if snapshot.traces.isEmpty || ContinuousClock.now > end { return snapshot }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
