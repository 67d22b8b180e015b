import OpsModel
import OpsRuntime
import OpsSystem

/// A program of the target's supervisor that is down because of us.
struct ProcessChange: Codable, Hashable, Sendable, Reversible {
    /// What made it go down, which decides what "down because of us" looks like.
    enum Manner: String, Codable, Sendable {
        /// Its process was killed; the supervisor calls it exited.
        case killed
        /// It was stopped through the supervisor, and again whenever somebody started it.
        case keptDown
    }

    var supervisor: String
    var program: String
    var manner: Manner
    /// The incarnation that ran before.
    var process: ProcessIdentity
    /// When the supervisor had started it, in its own seconds.
    var startedAt: Int

    var before: Fingerprint { Self.running(since: self.startedAt) }
    var ours: Fingerprint { Fingerprint(rawValue: "down") }
    var mark: FaultMark { FaultMark(.program, self.program) }
    var undoing: String { "it is started, if it is still down as the fault left it" }
    var dependence: Dependence { .silencesTarget }

    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let link = TargetSupervisor(self.supervisor)
        switch decide(self.fingerprint(try link.state(of: self.program))) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "the supervisor to settle \(self.program)")
        case .restore: return try self.start(link)
        }
    }

    /// A start is not ours to make unless the program lies exactly as we left it.
    private func fingerprint(_ program: ProgramState) -> Fingerprint? {
        let start = program.started ?? 0
        return switch program.phase {
        case .running: Self.running(since: start)
        case .starting, .stopping, .backoff: nil
        case .exited: start <= self.startedAt ? self.ours : Fingerprint(rawValue: "exited later")
        case .stopped: self.manner == .keptDown ? self.ours : Fingerprint(rawValue: "stopped by somebody")
        case .fatal, .unknown: Fingerprint(rawValue: "given up by its supervisor")
        }
    }

    /// A start may fail while what was killed is still letting go, as a database server's children are of its memory; each
    /// such start is one of ours, so the next one is ours to make, too.
    private func start(_ link: TargetSupervisor) throws(ChaosError) -> EffectOutcome {
        try link.start(self.program)
        let limit = BootClock.now() + 3_000_000_000
        var state = try link.state(of: self.program)
        while BootClock.now() < limit {
            switch state.phase {
            case .running where try self.lasts(state, link): return .reverted
            case .fatal: return self.failure
            case .exited:
                _ = Descriptors.ready([], milliseconds: 100)
                try link.start(self.program)
            default: _ = Descriptors.ready([], milliseconds: 50)
            }
            state = try link.state(of: self.program)
        }
        return state.phase == .exited ? self.failure : .pending(waitsFor: "\(self.program) to start")
    }

    private var failure: EffectOutcome {
        .failed(remedy: "\(self.program) does not start: read its log, then start it in the target's supervisor")
    }

    /// Whether the incarnation that runs is there a moment later: a supervisor calls running what it has just begun.
    private func lasts(_ state: ProgramState, _ link: TargetSupervisor) throws(ChaosError) -> Bool {
        _ = Descriptors.ready([], milliseconds: 150)
        let later = try link.state(of: self.program)
        return later.phase == .running && later.identity == state.identity
    }

    private static func running(since start: Int) -> Fingerprint { Fingerprint(rawValue: "running since \(start)") }
}
