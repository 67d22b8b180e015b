import Glibc
import OpsModel
import OpsRuntime
import OpsSystem

/// A program that was started anew, so that it runs with the content that its configuration file has because of us.
///
/// A program reads its file when it starts, and never later. Which content an incarnation runs with follows from when it
/// started, and from when the file got the content that it has now.
struct ProgramReload: Codable, Hashable, Sendable, Reversible {
    private static let patience: UInt64 = 5_000_000_000

    var supervisor: String
    var program: String
    /// The incarnation that ran before.
    var process: ProcessIdentity
    /// When the supervisor had started it, in its own seconds.
    var startedAt: Int
    /// The file that it reads.
    var path: String
    /// The earlier content, and the fault's.
    var content: Fingerprint
    var deployed: Fingerprint

    var before: Fingerprint { Fingerprint(rawValue: "with the earlier configuration") }
    var ours: Fingerprint { Fingerprint(rawValue: "with the fault's configuration") }
    var mark: FaultMark { FaultMark(.reload, self.program) }
    var undoing: String { "it is started anew, if it still runs with the fault's configuration" }
    /// What is held still cannot be stopped in order.
    var dependence: Dependence { .needsTarget }

    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let link = TargetSupervisor(self.supervisor)
        let state = try link.state(of: self.program)
        switch decide(try self.fingerprint(state)) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "\(self.program) to settle")
        case .restore:
            return try self.startAnew(link) ? .reverted : .pending(waitsFor: "\(self.program) to start")
        }
    }

    /// Replaces the incarnation that was planned for.
    ///
    /// - Throws: `not_applied` when the program does not stay up with what it was given.
    func apply() throws(ChaosError) {
        let link = TargetSupervisor(self.supervisor)
        guard try link.state(of: self.program).identity == self.process else {
            throw ChaosError(.conflict, "\(self.program) started anew meanwhile", hint: "ask again")
        }
        guard try self.startAnew(link) else {
            throw ChaosError(.notApplied, "\(self.program) does not start with this value", hint: "give another one")
        }
    }

    /// Starts it where it is down, as after a deployment that was put off.
    func start() throws(ChaosError) { try TargetSupervisor(self.supervisor).start(self.program) }

    private func fingerprint(_ program: ProgramState) throws(ChaosError) -> Fingerprint? {
        let file: (content: Fingerprint, changed: Double)
        do throws(SystemError) { file = try self.file() } catch {
            throw ChaosError(.targetUnavailable, error.message)
        }
        if file.content == self.deployed { return nil }  // it is put back first
        guard file.content == self.content else { return Fingerprint(rawValue: "with a later configuration") }
        let start = program.started ?? 0
        switch program.phase {
        case .running:
            guard let identity = program.identity else { return nil }
            if identity == self.process { return self.before }
            return identity.startSeconds < file.changed ? self.ours : Fingerprint(rawValue: "started since")
        case .stopped:
            // By us, before a start that never came: of the fault, or of an undo that was ended half-way.
            let isUndone = Double(start) < file.changed && Double(program.ended ?? 0) + 1 > file.changed
            return start <= self.startedAt || isUndone ? self.ours : Fingerprint(rawValue: "stopped by somebody")
        case .starting, .stopping, .backoff, .unknown: return nil
        case .exited, .fatal: return Fingerprint(rawValue: "down")
        }
    }

    /// What the file says, and since when, in seconds since 1970.
    private func file() throws(SystemError) -> (content: Fingerprint, changed: Double) {
        var status = stat()
        guard stat(self.path, &status) == 0 else { throw SystemError(errno: errno, doing: "look at \(self.path)") }
        let content = Fingerprint.of(try FileSystem.read(self.path, limit: 1 << 20))
        return (content, Double(status.st_ctim.tv_sec) + Double(status.st_ctim.tv_nsec) / 1e9)
    }

    /// Whether it runs afterwards, and does so a moment later, too: a supervisor calls running what it has just begun.
    private func startAnew(_ link: TargetSupervisor) throws(ChaosError) -> Bool {
        try link.stop(self.program)
        try link.start(self.program)
        let limit = BootClock.now() + Self.patience
        while BootClock.now() < limit {
            let state = try link.state(of: self.program)
            if state.phase == .exited || state.phase == .fatal { return false }
            _ = Descriptors.ready([], milliseconds: 200)
            let later = try link.state(of: self.program)
            if state.phase == .running, later.phase == .running, later.identity == state.identity { return true }
        }
        return false
    }
}

extension ProcessIdentity {
    /// When it started, in seconds since 1970.
    ///
    /// An engine tells its containers' in microseconds; the kernel's are hundredths of a second since the machine started, cut off: one
    /// that could have started later is taken for later, and left alone.
    fileprivate var startSeconds: Double {
        if self.bootID == "engine" { return Double(self.startTicks) / 1e6 }
        let age = Double(BootClock.now()) / 1e9 - Double(self.startTicks + 1) / 100
        return Timestamp.now().secondsSinceEpoch - age
    }
}
