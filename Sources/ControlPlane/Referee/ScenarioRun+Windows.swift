import ChaosClient
import GateClient
import OpsHTTP
import OpsModel
import OpsScenario
import OpsSpec
import OpsSystem

/// The two windows, and what stands between them.
extension ScenarioRun {
    func judgeWindows() async throws {
        guard facts.invalid == nil else { return try await takeAway() }
        try await awaitRunning()
        let window = order.scenario.judge.window.inSeconds
        switch order.end {
        case .repaired: try await judgeRepair(window)
        case .untouched: try await judgeQuiet(window)
        case .escalated: break
        }
        try await measureTimes(window)
        sessionsAfter = await sessionsEnded()
        try await takeAway()
        guard order.end == .repaired, facts.hasHeld else { return }
        facts.hasHeldAgain = try await stillHolds(for: 5)
    }

    /// What was on its way when the incident ended is over before anything is judged, or has had half a minute.
    private func awaitRunning() async throws {
        let deadline = Timestamp.now() + 30
        while let known = incident, known.proposals.contains(where: { $0.outcome.state == .running }),
            Timestamp.now() < deadline
        {
            try await Task.sleep(for: .milliseconds(200))
            let detail = try await lab.gate.incident(known.incident.id)
            incident = detail
            account(for: detail)
        }
    }

    /// Window A: with the fault still armed, or superseded by the repair.
    private func judgeRepair(_ window: Double) async throws {
        let from = lastActionEnd ?? report.onsetAt ?? began
        let last = lastStart(window, from)
        while true {
            let now = Timestamp.now()
            let watch = try await watch(from: from, to: now)
            if let back = watch.held(window: window, after: from, until: now) {
                facts.hasHeld = true
                serviceBack = back
                timeline.note("back", "the window that held begins", at: back)
                timeline.note("held", "all objectives held for \(seconds(window))", at: back + window)
                tellBack(watch.statuses(from: back, to: back + window), back)
                break
            }
            guard now < last + window, !watch.isLost(window: window, since: last, until: now) else { break }
            try await Task.sleep(for: .milliseconds(500))
        }
        guard facts.hasHeld else { return }
        try await noteLease(window)
        try await replay()
    }

    /// Where nothing is wrong all journeys have to hold for the window, with the decoys on; what is done meanwhile counts.
    private func judgeQuiet(_ window: Double) async throws {
        let from = Timestamp.now()
        if try await !stillHolds(for: window), facts.invalid == nil {
            let end = from + window
            facts.broken = try await watch(from: from, to: end).brokenJourneys(from: from, to: end)
        }
        try await look()
    }

    /// The latest beginning of a window that counts: where nobody did anything, the onset itself.
    ///
    /// An agent has its budget; one that the referee plays does nothing more, and what it did works soon or not at all: as soon as it is over, where
    /// it was asked to go on for a while.
    private func lastStart(_ window: Double, _ from: Timestamp) -> Timestamp {
        if lastActionEnd == nil { return from + 2 }
        if order.isPlayed { return from + 15 + goesOnS }
        return (period.budgetStart ?? report.onsetAt ?? began) + order.scenario.judge.budget.inSeconds
    }

    private var goesOnS: Double {
        let ran = (incident?.proposals ?? []).flatMap(\.ranActions)
        return ran.compactMap { $0.parameters["for_s"]?.doubleValue }.max() ?? 0
    }

    /// Told when it is known, with the moment it was true from.
    private func tellBack(_ journeys: [JourneyStatus], _ moment: Timestamp) {
        let expected = journeys.first { $0.journey == order.scenario.expect.page }
        let paged = journeys.first { journey in
            incident?.incident.pages.contains { $0.journey == journey.journey } == true
        }
        guard let journey = expected ?? paged else { return }
        tell(.back(journey), moment - began)
    }

    private func noteLease(_ window: Double) async throws {
        for index in faults.indices { faults[index] = try await lab.chaos.fault(faults[index].id) }
        report.leaseLeftS = faults.compactMap(\.leaseLeftS).min()
        facts.endedByLease = faults.contains { $0.endCause == "lease" }
        // Where nobody did anything, there is no repair to give the credit to.
        say(.held(windowS: window, leaseLeftS: lastActionEnd == nil ? nil : report.leaseLeftS))
    }

    private func replay() async throws {
        guard let replay = order.scenario.judge.replay else { return }
        let component = binding.component(replay.run)
        guard let job = try lab.target(component) else {
            facts.invalid = "\(component) cannot be run again: it has no address"
            return
        }
        let hasRun = try await repeated(JobTrigger(job: job), replay.times)
        facts.hasHeldReplay = try await stillHolds(for: 3) && hasRun
        timeline.note("replayed", "\(component) ran again \(replay.times) times")
        say(.replayed(job: component, held: facts.hasHeldReplay))
    }

    /// Whether the job did its work each time; one that fails because of what is broken still has not been repaired.
    private func repeated(_ job: JobTrigger, _ times: Int) async throws -> Bool {
        do {
            for _ in 0..<times { try await job.run() }
            return true
        } catch let error as RemoteError where error.status >= 500 {
            notes.append("the job could not do its work when it ran again: \(error)")
        } catch let error as HTTPClientError {
            notes.append("the job did not answer when it ran again: \(error)")
        }
        return false
    }

    /// Read from the database itself; a database that does not answer is a note in the report.
    ///
    /// One that a fault has killed has ended all its sessions at once, and counts anew.
    func sessionsEnded() async -> Int? {
        let databases = lab.bindings.components.values.filter { $0.kind == .postgres }.flatMap { $0.instances ?? [] }
        let programs = Set(databases.compactMap(\.program))
        let isKilled = faults.flatMap(\.marks).contains { $0.kind == .program && programs.contains($0.subject) }
        if isKilled { return nil }
        do { return try await WorldCensus(lab).sessionsKilled() } catch {
            notes.append("the ended sessions could not be counted: \(error)")
            return nil
        }
    }

    private func takeAway() async throws {
        for index in faults.indices {
            let ended = try await lab.chaos.revert(faults[index].id)
            faults[index] = ended
            timeline.note("taken-away", "\(ended.fault) is \(ended.state.rawValue)", at: ended.endedAt ?? .now())
            if ended.endCause == "kill" { facts.invalid = facts.invalid ?? "the kill switch was pressed" }
            if ended.endCause == "lease", order.end == .repaired { facts.endedByLease = true }
            if ![.reverted, .superseded].contains(ended.state) {
                facts.leaked += 1
                notes.append("the fault is \(ended.state.rawValue): \(ended.reason ?? "no reason given")")
            }
        }
    }

    /// Whether all journeys hold from now on for a span; a span that the watch slept through is looked at again.
    private func stillHolds(for span: Double) async throws -> Bool {
        var from = Timestamp.now()
        let last = from + span + 20
        while Timestamp.now() < last {
            try await Task.sleep(for: .milliseconds(500))
            let now = Timestamp.now()
            guard now - from >= span + 1 else { continue }
            let watch = try await watch(from: from, to: from + span)
            if watch.covers(from: from, to: from + span) { return watch.holds(from: from, to: from + span) }
            from = now
        }
        facts.invalid = "the journeys could not be watched closely enough to judge them"
        return false
    }

    private func measureTimes(_ window: Double) async throws {
        guard let onset = report.onsetAt, let first = earlier.first ?? incident else { return }
        report.detectS = first.incident.openedAt - onset
        report.localiseS = events.first { $0.type == "diagnosis.given" }.map { $0.at - onset }
        if let back = serviceBack {
            report.serviceBackS = max(0, back - onset - report.approverWaitS)
            report.verifiedS = report.serviceBackS.map { $0 + window }
        }
    }

    /// When the last action of the incident ended.
    var lastActionEnd: Timestamp? {
        events.last { $0.type == "action.done" }?.at
    }

    /// The timelines of the run's incidents, one after another.
    var events: [IncidentEvent] { (earlier + [incident].compactMap(\.self)).flatMap(\.events) }
}
