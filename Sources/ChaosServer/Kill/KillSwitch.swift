import Glibc
import OpsModel
import OpsSystem

/// What pressing the kill switch does, by whichever door: latch first, then every undo at once, then an honest look.
///
/// It uses no task, no lock that another thread could keep, and no database of ours.
struct KillSwitch: Sendable {
    let state: String

    func press(reason: String, actor: String, wait: Duration = .seconds(1)) throws(ChaosError) -> KillReport {
        let latch = try self.latch(reason: reason, actor: actor)
        let store = FaultStore(state: self.state)
        let survey = self.survey(store)
        let open = survey?.open.map(\.id) ?? []
        let end = BootClock.now() + wait.nanoseconds
        let groups = Dictionary(grouping: survey?.open ?? []) { $0.plan?.undoParty ?? $0.id }.values.map {
            $0.map(\.id)
        }
        var running = groups.map { ($0, try? RevertProgram.spawn($0, state: self.state, cause: .kill)) }
        // No process can be started: then this one does it.
        for (ids, child) in running where child == nil {
            for id in ids { _ = try? Undo(store: store, cause: .kill).run(id) }
        }
        while running.contains(where: { $0.1 != nil }), BootClock.now() < end {
            _ = Descriptors.ready(running.compactMap { $0.1?.handle.fd }, milliseconds: 50)
            running.removeAll { $0.1?.reap() != nil }
        }
        return self.report(latch, survey.map { open + $0.unreadable }, store)
    }

    /// What can be said now, without pressing anything.
    func report() -> KillReport {
        let store = FaultStore(state: self.state)
        guard let latch = LatchFile(state: self.state).read() else { return KillReport(latched: false) }
        let survey = self.survey(store)
        let since = survey?.files.filter { $0.machine.isOpen || ($0.lines.last?.at.wall ?? latch.at) >= latch.at }
        return self.report(latch, since.map { $0.map(\.id) + (survey?.unreadable ?? []) }, store)
    }

    /// Nil when the faults cannot even be listed: the latch holds all the same, and the report says so.
    private func survey(_ store: FaultStore) -> FaultStore.Survey? { try? store.survey() }

    private func latch(reason: String, actor: String) throws(ChaosError) -> Latch {
        let latch = Latch(killID: Identifier.random(), reason: reason, actor: actor, at: .now())
        do throws(SystemError) { return try LatchFile(state: self.state).raise(latch) } catch {
            throw ChaosError(
                .journalFailed,
                "the latch could not be written: \(error.message)",
                hint: "run: opslab kill"
            )
        }
    }

    private func report(_ latch: Latch, _ ids: [String]?, _ store: FaultStore) -> KillReport {
        var report = KillReport(
            latched: true,
            killID: latch.killID,
            reason: latch.reason,
            actor: latch.actor,
            at: latch.at
        )
        if ids == nil {
            report.failed.append(PendingFault(fault: "unknown", waitsFor: "\(store.directory) cannot be listed"))
        }
        for id in ids ?? [] {
            // A record that cannot be read is not clean.
            guard let file = try? store.file(id) else {
                report.failed.append(PendingFault(fault: id, waitsFor: "its record cannot be read"))
                continue
            }
            self.count(file, in: &report)
        }
        return report
    }

    private func count(_ file: FaultFile, in report: inout KillReport) {
        let machine = file.machine
        let why = file.lines.last { $0.outcomes != nil }?.outcomes?.lazy.compactMap(\.detail).first
        switch machine.verdict ?? machine.lastAttempt ?? .pending {
        case .reverted where !machine.isOpen: report.clean.append(file.id)
        case .superseded where !machine.isOpen: report.superseded.append(file.id)
        case .failed: report.failed.append(PendingFault(fault: file.id, waitsFor: why ?? "a person"))
        case .reverted, .superseded, .pending:
            report.pending.append(PendingFault(fault: file.id, waitsFor: why ?? "its undo, which is running"))
        }
    }
}
