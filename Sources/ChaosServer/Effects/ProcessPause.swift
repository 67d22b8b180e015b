import OpsModel
import OpsRuntime
import OpsSystem

/// A program of the target's supervisor, or a container of its engine, that is up and held still because of us.
///
/// Ours is one incarnation: a restart by anybody ends what was done to it, whether or not the new one runs. Nothing tells who
/// holds a process still, so what others stop while this fault is on goes on with it.
struct ProcessPause: Codable, Hashable, Sendable, Reversible {
    /// How long an order that a holder gave before it died can still be on its way.
    private static let settling: UInt64 = 250_000_000
    private static let patience: UInt64 = 3_000_000_000

    var supervisor: String
    var program: String
    /// The incarnation that is held still.
    var process: ProcessIdentity

    var before: Fingerprint { Self.fingerprint(of: self.process, "runs") }
    var ours: Fingerprint { Self.fingerprint(of: self.process, "held still") }
    var mark: FaultMark { FaultMark(.pause, self.program) }
    var undoing: String { "it goes on, if it is still the same process and held still" }
    var dependence: Dependence { .silencesTarget }

    /// Resuming does nothing to an incarnation that is not held still, so one that began in between is left as it is.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let link = TargetSupervisor(self.supervisor)
        switch decide(try self.settled(link)) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "a word about \(self.program)")
        case .restore: return try self.resume(link)
        }
    }

    /// Whether the incarnation that was planned is held still; one that took its place meanwhile is let go at once.
    func waitUntilStill(_ link: TargetSupervisor) throws(ChaosError) -> Bool {
        let limit = BootClock.now() + Self.patience
        while BootClock.now() < limit {
            let state = try link.state(of: self.program)
            guard state.identity == self.process else {
                try link.resume(self.program)
                throw ChaosError(.conflict, "\(self.program) started anew meanwhile", hint: "ask again")
            }
            if state.isPaused { return true }
            _ = Descriptors.ready([], milliseconds: 20)
        }
        return false
    }

    /// What is there once nothing is under way any more.
    private func settled(_ link: TargetSupervisor) throws(ChaosError) -> Fingerprint? {
        let limit = BootClock.now() + Self.settling
        while true {
            let live = self.fingerprint(try link.state(of: self.program))
            guard live == self.before, BootClock.now() < limit else { return live }
            _ = Descriptors.ready([], milliseconds: 50)
        }
    }

    /// One that is told to end and cannot, because it is held still, is ours as well.
    private func fingerprint(_ state: ProgramState) -> Fingerprint? {
        guard let live = state.identity else {
            return state.phase == .unknown ? nil : Fingerprint(rawValue: "ended since")
        }
        guard live == self.process else { return Fingerprint(rawValue: "started anew since") }
        return state.isPaused ? self.ours : self.before
    }

    private func resume(_ link: TargetSupervisor) throws(ChaosError) -> EffectOutcome {
        try link.resume(self.program)
        let limit = BootClock.now() + Self.patience
        while BootClock.now() < limit {
            let live = self.fingerprint(try link.state(of: self.program))
            if let live, live != self.ours { return .reverted }
            _ = Descriptors.ready([], milliseconds: 20)
        }
        return .pending(waitsFor: "\(self.program) to go on")
    }

    private static func fingerprint(of process: ProcessIdentity, _ manner: String) -> Fingerprint {
        Fingerprint(rawValue: "\(process.pid) since \(process.startTicks) \(manner)")
    }
}
