import Glibc
import OpsModel
import OpsRuntime
import OpsSystem

/// Brings one fault about, step by step as `InjectionStateMachine` orders it.
///
/// It holds its thread for as long as that takes, so it runs on one of its own.
struct Injection {
    private static let applying: Duration = .seconds(20)

    let order: HoldOrder
    let store: FaultStore
    let latch: LatchFile
    let guardLink: GuardLink
    let watch: WatchThread
    let running: [Footprint]

    /// The fault as it is once its effect has been read back.
    func run() throws(ChaosError) -> FaultRecord {
        var machine = InjectionStateMachine()
        var stage = Stage()
        var failure = ChaosError(.latched, "the kill switch is on", hint: "POST /resume first")
        var action = machine.handle(.begin(isLatched: self.latch.read() != nil))
        while true {
            do throws(ChaosError) {
                if action == .watch { return try self.finish(&stage) }
                if action == .refuse || action == .undo { break }
                action = machine.handle(try self.carryOut(action, &stage))
            } catch {
                failure = error
                action = machine.handle(.failed)
            }
        }
        self.takeBack(stage, isRecorded: action == .undo)
        throw failure
    }

    /// What has come into being so far.
    private struct Stage {
        var log: Journal?
        var holder: ChildProcess?
        var socket: LineSocket?
        var plan: FaultPlan?
    }

    private func carryOut(
        _ action: InjectionStateMachine.Action,
        _ stage: inout Stage
    ) throws(ChaosError) -> InjectionStateMachine.Event {
        switch action {
        case .askForPlan:
            try self.askForPlan(&stage)
            return .planned
        case .write(let step):
            try self.write(step, stage)
            return .written
        case .askGuard:
            try self.guardLink.arm(self.order.id, fence: InjectionStateMachine.fence)
            return .acknowledged
        case .tellHolder:
            var message = Message(.go, fault: self.order.id)
            message.fence = InjectionStateMachine.fence
            return stage.socket?.send(message) == true ? .told : .failed
        case .awaitEffect:
            guard let answer = self.answer(stage) else {
                throw ChaosError(.notApplied, "the holder did not say that the effect is there")
            }
            guard answer.kind == .applied else { throw answer.error }
            return .applied
        case .watch, .refuse, .undo: return .failed
        }
    }

    /// What the holder says of the effect; nil when it says nothing for too long.
    ///
    /// One that is held still may have brought the effect about already, and until it has spoken nobody listens for its beat.
    private func answer(_ stage: Stage) -> Message? {
        let end = BootClock.now() + Self.applying.nanoseconds
        var stillSince: UInt64?
        while BootClock.now() < end, stage.socket?.isClosed == false {
            if let answer = stage.socket?.next(within: .milliseconds(250)) { return answer }
            guard stage.holder?.identity.isStopped == true else {
                stillSince = nil
                continue
            }
            let since = stillSince ?? BootClock.now()
            stillSince = since
            if BootClock.now() > since + Silence.limit { return nil }
        }
        return nil
    }

    private func askForPlan(_ stage: inout Stage) throws(ChaosError) {
        do throws(SystemError) { stage.log = try self.store.create(self.order.id) } catch {
            throw ChaosError(.journalFailed, error.message, hint: "see the disk of the state directory")
        }
        let holder = try PlannedHolder(self.order, beside: self.running)
        (stage.holder, stage.socket, stage.plan) = (holder.process, holder.socket, holder.plan)
    }

    private func write(_ step: FaultStep, _ stage: Stage) throws(ChaosError) {
        var line = JournalLine(step)
        if step == .intended { line.plan = stage.plan } else { line.holder = stage.holder?.identity }
        guard let log = stage.log else { throw ChaosError(.journalFailed, "the log is not open") }
        try log.append(line, orLatch: self.latch)
        guard step != .intended else { return }
        // From here on the server owes its end, whatever becomes of this thread.
        self.watch.promise(try self.read(), stage.holder)
    }

    private func finish(_ stage: inout Stage) throws(ChaosError) -> FaultRecord {
        if let socket = stage.socket.take() { self.watch.listen(to: socket, of: self.order.id) }
        guard let record = try self.read().record() else { throw ChaosError(.journalFailed, "the record is gone") }
        return record
    }

    private func read() throws(ChaosError) -> FaultFile {
        do throws(SystemError) {
            if let file = try self.store.file(self.order.id) { return file }
            throw SystemError(.notFound, "the record of \(self.order.id) is gone")
        } catch {
            throw ChaosError(.journalFailed, error.message)
        }
    }

    /// Without a record there is nothing in the world; with one, only the undo can say.
    private func takeBack(_ stage: Stage, isRecorded: Bool) {
        stage.holder?.handle.signal(SIGKILL)
        _ = stage.holder?.waitBlocking(within: .seconds(1))
        guard isRecorded, let file = self.left() else { return self.store.discard(self.order.id) }
        let undo = try? RevertProgram.spawn([file.id], state: self.order.state, cause: .refused)
        if undo?.waitBlocking(within: .seconds(5))?.isSuccess == true { return }
        // Whether a failed line is on disk is not certain, and the guard may not know of it: the server owes its end.
        self.watch.promise(file, stage.holder)
        self.watch.end(file.id)
    }

    /// What a later start would find of this fault; nil when there is nothing that could be taken back.
    private func left() -> FaultFile? {
        do throws(SystemError) {
            return try self.store.file(self.order.id).flatMap { $0.plan == nil ? nil : $0 }
        } catch {
            return FaultFile(id: self.order.id, lines: [])  // perhaps there is: whoever can read it later will know
        }
    }
}
