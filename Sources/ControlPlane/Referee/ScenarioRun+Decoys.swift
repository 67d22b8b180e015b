import OpsModel
import OpsScenario

/// Lets what is harmless begin at its moment, and last as long as the run.
extension ScenarioRun {
    /// A decoy that does not begin makes another run of it than the one that was drawn.
    func begin(_ decoys: [Timetable.Entry<Scenario.Decoy>], from start: Timestamp) async {
        await withTaskGroup(of: Void.self) { group in
            for decoy in decoys { group.addTask { await self.begin(decoy, from: start) } }
        }
    }

    private func begin(_ decoy: Timetable.Entry<Scenario.Decoy>, from start: Timestamp) async {
        do {
            try await Task.sleep(for: .seconds(max(0, start + decoy.atS - .now())))
            let kind = draw.resolve(decoy.event.kind)
            timeline.note("decoy", "something harmless: \(kind)")
            guard let recurring = try await Decoy(named: kind).begin(in: lab, rate: rate) else { return }
            background.append(Task { await keepUp(recurring) })
        } catch RefereeError.unknownToCustomers(let wish) {
            // Without it the run is easier, and no less of a proof.
            notes.append("a decoy was left out: \(RefereeError.unknownToCustomers(wish))")
        } catch {
            facts.invalid = facts.invalid ?? "a decoy did not begin: \(error)"
        }
    }

    private func keepUp(_ decoy: any RecurringDecoy) async {
        do { try await decoy.act() } catch  where !Task.isCancelled {
            facts.invalid = facts.invalid ?? "a decoy did not begin: \(error)"
        } catch {}
        await decoy.goOn()
    }

    /// Ends what is done again and again.
    func endBackground() async {
        for task in background { task.cancel() }
        for task in background { await task.value }
        background = []
    }
}
