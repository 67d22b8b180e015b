import Glibc
import OpsModel
import OpsSystem

/// Carries out what a `WatchStateMachine` decides: listens to peers, notices deaths, silence, leases and the latch, starts undos.
///
/// One thread calls `turn` again and again. Guard and server each run one, and neither needs the other.
final class Watch {
    /// One undo that runs as a child, and when a failed one is tried again.
    private struct Later {
        var fault: String
        var cause: EndCause
        var at: UInt64
    }

    /// Whoever presses the kill switch takes everything back as well, and is done sooner when nobody does the same beside it.
    private static let headStart: UInt64 = 300_000_000

    let state: String
    let store: FaultStore
    private let latch: LatchFile
    private var machine = WatchStateMachine()
    private var silence = Silence()
    private var sockets: [Peer: LineSocket] = [:]
    private var processes: [Peer: ProcessHandle] = [:]
    /// Peers whose processes cannot be seen from here: they have ended when their connection has.
    private var apart: Set<Peer> = []
    private let isApart: Bool
    private var deadlines: [String: UInt64] = [:]
    private var undos: [String: ChildProcess] = [:]
    /// Since when an undo has been held still.
    private var stillSince: [String: UInt64] = [:]
    private var later: [Later] = []
    private var lastBeat: UInt64 = 0
    private var latchedSince: UInt64?
    private var isLatched = false
    /// Called when the guard has to be replaced; only the server can.
    var replaceGuard: () -> Void = {}
    /// Called with each message that is no heartbeat.
    var onMessage: (Message, Peer) -> Void = { _, _ in }

    /// Where it `isApart`, whoever holds faults has processes of its own, as in another container.
    init(state: String, isApart: Bool = false) {
        self.state = state
        self.isApart = isApart
        self.store = FaultStore(state: state)
        self.latch = LatchFile(state: state)
    }

    /// Whether nothing has to be ended any more.
    var isIdle: Bool { self.machine.open.isEmpty && self.undos.isEmpty && self.later.isEmpty }
    var open: [String] { self.machine.open }

    func hasPeer(_ peer: Peer) -> Bool { self.processes[peer] != nil || self.apart.contains(peer) }

    /// Promises to end this fault, by what its record on disk says.
    func promise(_ file: FaultFile) {
        self.deadlines[file.id] = file.bootID == BootClock.bootID ? file.plan?.deadline ?? 0 : 0
        self.apply(.promised(file.id))
        guard let holder = file.holder, !self.isApart else { return }
        if let handle = ProcessHandle(holder) {
            self.processes[.holder(file.id)] = handle
        } else {
            self.apply(.ended(.holder(file.id)))
        }
    }

    /// Begins to watch a process, and its heartbeats when it has a socket.
    func add(_ peer: Peer, _ identity: ProcessIdentity?, _ socket: LineSocket?) {
        if let identity, self.processes[peer] == nil { self.processes[peer] = ProcessHandle(identity) }
        if let socket {
            self.sockets[peer] = socket
            self.silence.hear(peer, at: BootClock.now())
        }
    }

    /// Begins to watch somebody of whom there is nothing but a connection.
    func add(apart peer: Peer, _ socket: LineSocket) {
        self.apart.insert(peer)
        self.add(peer, nil, socket)
    }

    func ask(toEnd fault: String) { self.apply(.asked(fault)) }

    /// Forgets a peer without ending it.
    func remove(_ peer: Peer) {
        self.sockets[peer] = nil
        self.processes[peer] = nil
        self.apart.remove(peer)
        self.silence.forget(peer)
    }

    /// Waits a tenth of a second at most and deals with whatever happened.
    func turn(_ extra: [Int32] = []) -> Set<Int32> {
        self.beat()
        let sockets = self.sockets.filter { self.isUpToUs($0.key) }.values.map(\.fd)
        let processes = self.processes.filter { self.isUpToUs($0.key) }.values.map(\.fd)
        let fds = sockets + processes + self.undos.values.map(\.handle.fd) + extra
        let ready = Descriptors.ready(fds, milliseconds: 100)
        self.noticeLatch()
        self.listen()
        self.noticeDeaths()
        self.noticeSilence()
        self.noticeTime()
        self.reapUndos()
        self.endStillUndos()
        return ready
    }

    private func listen() {
        for (peer, socket) in self.sockets where self.isUpToUs(peer) {
            switch socket.receive() {
            case .nothing: break
            case .closed: self.lose(peer)
            case .messages(let messages):
                self.silence.hear(peer, at: BootClock.now())
                for message in messages where message.kind != .beat { self.onMessage(message, peer) }
            }
        }
    }

    /// A process whose connection is gone is still watched; of somebody apart nothing is left.
    private func lose(_ peer: Peer) {
        self.sockets[peer] = nil
        guard self.apart.contains(peer) else { return }
        self.remove(peer)
        self.apply(.ended(peer))
    }

    private func noticeDeaths() {
        for (peer, handle) in self.processes where self.isUpToUs(peer) && handle.hasExited {
            self.remove(peer)
            self.apply(.ended(peer))
        }
    }

    private func noticeSilence() {
        for peer in self.silence.look(at: BootClock.now()) { self.apply(.silent(peer)) }
    }

    private func noticeTime() {
        let now = BootClock.now()
        for (fault, deadline) in self.deadlines where now >= deadline {
            self.deadlines[fault] = nil
            self.apply(.leaseOver(fault))
        }
        let due = self.later.filter { $0.at <= now }
        self.later.removeAll { $0.at <= now }
        for item in due { self.start(item.fault, item.cause) }
    }

    private func noticeLatch() {
        guard self.latch.read() != nil else {
            self.latchedSince = nil
            self.isLatched = false
            return
        }
        let now = BootClock.now()
        let since = self.latchedSince ?? now
        self.latchedSince = since
        guard !self.isLatched, now >= since + Self.headStart else { return }
        self.isLatched = true
        self.forgetClosed()
        self.apply(.latched)
    }

    /// Whether the end of this one is for us to notice now: holders fall one after the other while the kill switch is at work.
    private func isUpToUs(_ peer: Peer) -> Bool {
        guard case .holder = peer else { return true }
        return self.latchedSince == nil || self.isLatched
    }

    /// What others have taken back meanwhile; a record that cannot be read is not closed.
    private func forgetClosed() {
        for fault in self.machine.open where (try? self.store.file(fault))?.machine.isOpen == false {
            self.finish(fault, isFinal: true)
        }
    }

    private func reapUndos() {
        for (fault, child) in self.undos {
            guard let status = child.reap() else { continue }
            self.undos[fault] = nil
            self.finish(fault, isFinal: status.isSuccess)
        }
    }

    /// An undo that somebody holds still would prolong its fault for ever; one that was ended is tried again.
    private func endStillUndos() {
        let still = self.undos.filter { $0.value.identity.isStopped }
        let now = BootClock.now()
        self.stillSince = still.reduce(into: [:]) { $0[$1.key] = self.stillSince[$1.key] ?? now }
        for (fault, child) in still where now > (self.stillSince[fault] ?? now) + Silence.limit {
            child.handle.signal(SIGKILL)
        }
    }

    private func finish(_ fault: String, isFinal: Bool) {
        if isFinal {
            self.deadlines[fault] = nil
            self.remove(.holder(fault))
        }
        self.apply(.undone(fault, isFinal: isFinal))
    }

    private func apply(_ event: WatchStateMachine.Event) {
        for action in self.machine.handle(event) { self.carryOut(action) }
    }

    private func carryOut(_ action: WatchStateMachine.Action) {
        switch action {
        case .kill(let peer): self.processes[peer]?.signal(SIGKILL)
        case .undo(let fault, let cause): self.start(fault, cause)
        case .undoLater(let fault, let cause, let attempt):
            let pause = WatchStateMachine.pause(beforeAttempt: attempt)
            self.later.append(Later(fault: fault, cause: cause, at: BootClock.now() + pause))
        case .replaceGuard: self.replaceGuard()
        }
    }

    /// As a child, so that a hanging target holds nobody up; in this process when no child can be started.
    private func start(_ fault: String, _ cause: EndCause) {
        do throws(SystemError) {
            self.undos[fault] = try RevertProgram.spawn([fault], state: self.state, cause: cause)
        } catch {
            let result = try? Undo(store: self.store, cause: cause).run(fault)  // not final: tried again later
            self.finish(fault, isFinal: result?.isOver ?? false)
        }
    }

    private func beat() {
        let now = BootClock.now()
        guard now >= self.lastBeat + Silence.beat else { return }
        self.lastBeat = now
        for socket in self.sockets.values { socket.send(Message(.beat)) }
    }
}
