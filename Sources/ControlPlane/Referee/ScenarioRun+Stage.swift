import ChaosClient
import OpsModel
import OpsScenario
import OpsService
import OpsSystem
import OpsTrust

/// Lets faults happen at their moments, and decoys at theirs, while the incident is followed already.
extension ScenarioRun {
    /// Ends when everything has happened; from the last fault on the agent's budget runs.
    func stage(from start: Timestamp) async throws {
        defer { isStaged = true }
        let timetable = Timetable(order.scenario, draw)
        async let decoys: Void = begin(timetable.decoys, from: start)
        try await inject(timetable.injections, from: start)
        if timetable.injections.isEmpty { await decoys }
        guard facts.invalid == nil else { return }
        sessionsBefore = await sessionsEnded()
        if timetable.injections.isEmpty { say(.quiet(commitment: commitment.digest)) }
        if order.hasFalsePage { try await FalsePage(lab).raise() }
        if worker == nil { worker = played?.start(in: lab, for: self) }
        period.begin(budget: order.scenario.judge.budget.inSeconds, at: .now())
        await decoys
    }

    /// Each fault at its own moment, whether or not the ones before it have been felt yet; all of them have to be.
    private func inject(_ injections: [Timetable.Entry<Scenario.Injection>], from start: Timestamp) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for injection in injections {
                try await Task.sleep(for: .seconds(max(0, start + injection.atS - .now())))
                guard facts.invalid == nil, let id = try await apply(injection.event) else { break }
                let lasting = injection.event.lasting.map { self.draw.seconds(of: $0) }
                group.addTask {
                    if let lasting {
                        try await self.letPass(id, after: lasting)
                    } else {
                        try await self.requireEffect(id)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The name under which the injector knows it; nil when it is not in force.
    private func apply(_ injection: Scenario.Injection) async throws -> String? {
        var request = FaultRequest(
            target: binding.component(injection.target),
            roles: binding.components,
            with: injection.with.mapValues(draw.resolve),
            leaseS: injection.lease.inSeconds,
            run: id,
            aliasSeed: order.aliasSeed
        )
        request.instance = injection.instance.map { binding.unit(draw.resolve($0), of: request.target) }
        let names = FaultAliases(FaultVocabulary.names, seed: order.aliasSeed ?? 0)
        let record = try await lab.chaos.inject(names.alias(of: injection.fault), request)
        faults.append(record)
        injected[record.id] = request
        guard [.applied, .verified].contains(record.state) else {
            facts.invalid = "the fault is \(record.state.rawValue): \(record.reason ?? "no reason given")"
            return nil
        }
        timeline.note("fault", "\(record.fault) at \(record.target)", at: record.appliedAt ?? .now())
        say(.sealed(commitment: commitment.digest, leaseS: record.leaseLeftS ?? record.leaseS))
        return record.id
    }

    /// The world takes a fault back at its own time, whether or not anybody has looked at it.
    private func letPass(_ id: String, after seconds: Double) async throws {
        try await Task.sleep(for: .seconds(seconds))
        let record = try await lab.chaos.revert(id)
        if let index = faults.firstIndex(where: { $0.id == id }) { faults[index] = record }
        let end = record.endedAt ?? .now()
        timeline.note("passed", "\(record.fault) is over by itself: \(record.state.rawValue)", at: end)
        if let from = record.appliedAt { try await noteOnset(after: from) }
    }

    /// What customers lived is known some half seconds later.
    private func noteOnset(after from: Timestamp) async throws {
        let deadline = Timestamp.now() + (order.scenario.expect.page == nil ? 0 : 3)
        while true {
            let watch = try await watch(from: from, to: .now())
            if let onset = JourneyTally.onset(watch.buckets, objectives: lab.objectives, after: from) {
                report.onsetAt = min(report.onsetAt ?? onset, onset)
                return timeline.note("onset", "customers feel it", at: onset)
            }
            guard Timestamp.now() < deadline else { return }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    /// A fault that customers do not feel proves nothing; the injector is the one who says so.
    func requireEffect(_ id: String) async throws {
        // The injector has decided by then, whatever customers are ready to wait for.
        let deadline = Timestamp.now() + 22
        while Timestamp.now() < deadline {
            try await Task.sleep(for: .milliseconds(250))
            let record = try await lab.chaos.fault(id)
            if let index = faults.firstIndex(where: { $0.id == id }) { faults[index] = record }
            if let onset = record.effectAt {
                report.onsetAt = min(report.onsetAt ?? onset, onset)
                timeline.note("onset", "customers feel it", at: onset)
                return
            }
            if record.effect == .ineffective {
                facts.invalid = facts.invalid ?? "the fault is ineffective: \(record.reason ?? "no journey felt it")"
                return
            }
            guard record.endedAt == nil else { break }
        }
        facts.invalid = facts.invalid ?? "nobody can say whether the fault had an effect"
    }
}
