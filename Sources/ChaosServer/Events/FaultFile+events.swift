import OpsModel

extension FaultFile {
    /// Everything that has happened to the fault, in the order in which it is told.
    ///
    /// It follows from the journal's lines alone, so that a process which begins anew finds what the one before had not told.
    var events: [ChaosEvent] {
        guard let plan else { return [] }
        let machine = self.machine
        var events = [self.event(.requested, plan, at: plan.requestedAt, [:])]
        if let line = self.first(where: { $0 == .verified }) ?? (machine.isOpen ? nil : self.first { $0 == .applied }) {
            let achieved = self.lines.lazy.compactMap(\.achieved).last
            events.append(
                self.event(.applied, plan, at: line.at.wall, ["achieved": achieved.map { .double($0) } ?? .null])
            )
        }
        if let effect = machine.effect, let line = self.first(where: { $0 == .watched(effect) }) {
            let at = line.effectAt ?? line.at.wall
            events.append(self.event(effect == .felt ? .felt : .ineffective, plan, at: at, [:]))
        }
        if let line = self.first(where: { if case .attempted = $0 { true } else { false } }) {
            events.append(self.event(.unfinished, plan, at: line.at.wall, self.ending(line, machine)))
        }
        if let verdict = machine.verdict, let line = self.first(where: { $0 == .closed(verdict) }) {
            events.append(self.event(.ended, plan, at: line.at.wall, self.ending(line, machine)))
        }
        return events
    }

    private func first(where matches: (FaultStep) -> Bool) -> JournalLine? { self.lines.first { matches($0.step) } }

    private func event(
        _ kind: ChaosEvent.Kind,
        _ plan: FaultPlan,
        at moment: Timestamp,
        _ more: [String: JSONValue]
    ) -> ChaosEvent {
        var data: [String: JSONValue] = [
            "fault": .string(plan.id), "kind": .string(plan.kind.rawValue), "class": .string(plan.persistence.rawValue),
            "target": .string(plan.target), "with": .object(plan.with), "lease_s": .double(plan.leaseS),
        ]
        if let instance = plan.instance { data["instance"] = .string(instance) }
        if let run = plan.run { data["run"] = .string(run) }
        if let requested = plan.requested { data["requested"] = .double(requested) }
        return ChaosEvent(kind, of: plan.id, at: moment, .object(data.merging(more) { own, _ in own }))
    }

    private func ending(_ line: JournalLine, _ machine: FaultStateMachine) -> [String: JSONValue] {
        let outcomes = line.outcomes ?? []
        var data: [String: JSONValue] = [
            "state": .string(machine.state.rawValue),
            "outcome": .object(EffectReport.counts(outcomes).mapValues { .int($0) }),
        ]
        if let cause = machine.cause { data["cause"] = .string(cause.rawValue) }
        if let reason = outcomes.lazy.compactMap(\.detail).first ?? line.note { data["reason"] = .string(reason) }
        return data
    }
}
