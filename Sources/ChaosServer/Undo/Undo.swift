import Glibc
import OpsModel
import OpsRuntime
import OpsSystem

/// Takes one fault back.
///
/// Server, guard, kill switch, sweep, holder and shell all use this, and it needs nothing else alive.
struct Undo: Sendable {
    /// How it ended, effect by effect.
    struct Result: Hashable, Sendable {
        var verdict: UndoVerdict
        var reports: [EffectReport]
        /// Whether the journal took the lines; when not, the undo went ahead without them.
        var isRecorded: Bool

        /// Whether nobody has to come back to it: a clean world that the journal does not know of is undone again.
        var isOver: Bool { self.verdict.isFinal && self.isRecorded }
    }

    let store: FaultStore
    let cause: EndCause

    /// Carries out what the state machine says, for the holder itself (`isHolder`) or for anybody else.
    func run(_ id: String, isHolder: Bool = false) throws(ChaosError) -> Result {
        let file = try self.read(id)
        guard let plan = file.plan else { throw ChaosError(.unknownFault, "fault \(id) was never intended") }
        var session = Session(store: self.store, plan: plan, cause: self.cause)
        var machine = UndoStateMachine(cause: self.cause)
        var action = machine.handle(.begin(file.machine))
        while true {
            switch action {
            case .endHolder:
                self.endStillUndo(of: id)
                action = machine.handle(.holderGone(isHolder || self.endHolder(file.holder)))
            case .takeLock: action = machine.handle(.locked(session.takeLock()))
            case .raiseFence:
                if try self.read(id).machine.isOpen { session.openLog() }
                let fault = session.raiseFence(try self.read(id))
                // Who was armed after the record was first read is named in it now, and may have taken its last look before.
                if !isHolder { _ = self.endHolder(try self.read(id).holder) }
                action = machine.handle(.raised(fault))
            case .compare: action = machine.handle(.compared(session.compare()))
            case .record(let step):
                session.record(step)
                action = machine.handle(.recorded)
            case .finish(let verdict):
                return Result(
                    verdict: verdict,
                    reports: session.reports ?? file.lines.last { $0.outcomes != nil }?.outcomes ?? session.blocked,
                    isRecorded: session.isRecorded
                )
            }
        }
    }

    private func read(_ id: String) throws(ChaosError) -> FaultFile {
        do throws(SystemError) {
            guard let file = try self.store.file(id) else { throw SystemError(.notFound, "there is no fault \(id)") }
            return file
        } catch {
            throw ChaosError(error.code == .notFound ? .unknownFault : .journalFailed, error.message)
        }
    }

    /// An earlier undo that is held still keeps the log, and perhaps the resource, from everybody who comes after it.
    private func endStillUndo(of id: String) {
        guard let pid = FileLock.holder(of: self.store.lock(id, .undo)), pid != getpid(),
            let identity = ProcessIdentity.of(pid: pid), identity.isStopped, let handle = ProcessHandle(identity)
        else { return }
        handle.signal(SIGKILL)
        _ = handle.waitForExitBlocking(within: .seconds(1))
    }

    /// A holder that is merely stopped may wake up later; one that has ended cannot apply anything any more.
    ///
    /// - Returns: whether it is certain that it has.
    private func endHolder(_ identity: ProcessIdentity?) -> Bool {
        guard let identity, let handle = ProcessHandle(identity) else { return true }
        handle.signal(SIGKILL)
        return handle.waitForExitBlocking(within: .seconds(1))
    }
}
