import OpsHTTP
import OpsModel
import OpsScenario
import OpsSpec

/// What the run cost, by the customers' ledger and by the census of the world.
extension ScenarioRun {
    func close(since before: WorldCensus.Snapshot) async throws {
        try await audit()
        let now = Timestamp.now()
        let watch = try await watch(from: reset, to: now)
        report.journeys = watch.statuses(from: reset, to: now).map {
            RunJourney(journey: $0.journey, objective: $0.objective, good: $0.good, bad: $0.bad)
        }
        if let start = firstActionStart {
            facts.downtimeS = watch.outage(from: start + 1.5, to: (lastActionEnd ?? start) + 10)
        }
        facts.sessionsEnded = sessionsEnded
        let census = WorldCensus(lab)
        let after = try await census.take()
        let findings = census.compare(before, after, actions: facts.actions, faults: faults)
        facts.unauthorised = findings.unaccounted.count
        facts.leaked += findings.residue.count
        report.census = findings.unaccounted + findings.residue
        if order.end == .untouched { facts.broken = watch.brokenJourneys(from: reset, to: now) }
    }

    private func audit() async throws {
        let audit: LedgerAudit = try await lab.load.get(
            "/ledger/audit?since=\(reset.secondsSinceEpoch)",
            timeout: .seconds(20)
        )
        facts.ordersLost = audit.ordersLost
        facts.chargedTwice = audit.chargedTwice
    }

    /// Sessions that actions say they ended.
    private var sessionsEnded: Int {
        let results = incident?.events.filter { $0.type == "action.done" } ?? []
        return results.reduce(0) { $0 + ($1.payload["detail"]?["ended"]?.intValue ?? 0) }
    }
}
