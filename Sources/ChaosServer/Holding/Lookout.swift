import OpsSystem

/// A holder's view of those who watch it: the server on its socket, the guard on another, and the lease.
///
/// Either of the two may be replaced or silent for a moment. Two seconds without the server, or without any guard, end the fault.
final class Lookout {
    private let server: LineSocket
    private let parent: ProcessHandle?
    private let order: HoldOrder
    private var guardian: LineSocket?
    private var silence = Silence()
    private var lastBeat: UInt64 = 0
    private(set) var isLeaseOver = false

    init(server: LineSocket, parent: ProcessHandle?, order: HoldOrder) {
        self.server = server
        self.parent = parent
        self.order = order
        self.silence.hear(.server, at: BootClock.now())
    }

    /// Why the fault ends here.
    func cause(isLatched: Bool, isAnnounced: Bool) -> EndCause {
        isLatched ? .kill : self.isLeaseOver ? .lease : isAnnounced ? .holder : .refused
    }

    /// Waits for the word to apply and gives the fence it came with; nil when there will be none.
    ///
    /// A server that is held still will say it when it goes on; nobody waits for that, since nothing was applied.
    func awaitOrder(for limit: Duration) -> Int? {
        let end = BootClock.now() + limit.nanoseconds
        var lastSeenRunning = BootClock.now()
        while BootClock.now() < end, !self.server.isClosed, self.parent?.hasExited == false {
            guard let message = self.server.next(within: .milliseconds(250)) else {
                self.server.send(Message(.beat))
                if self.parent?.identity.isStopped != true { lastSeenRunning = BootClock.now() }
                if BootClock.now() > lastSeenRunning + Silence.limit { return nil }
                continue
            }
            if message.kind == .go { return message.fence }
        }
        return nil
    }

    /// Whether the fault has to end: one quick look, no waiting.
    func isDoomed() -> Bool {
        if BootClock.now() >= self.order.deadline {
            self.isLeaseOver = true
            return true
        }
        return self.parent?.hasExited != false
    }

    /// Waits a quarter of a second at most, sends and takes heartbeats; true when the fault has to end.
    func watch(_ extra: [Int32]) -> Bool {
        self.beat()
        let fds = [self.server.fd, self.guardian?.fd ?? -1, self.parent?.fd ?? -1] + extra
        _ = Descriptors.ready(fds, milliseconds: 100)
        let now = BootClock.now()
        if case .closed = self.listen(to: self.server, as: .server, at: now) { return true }
        if let guardian, case .closed = self.listen(to: guardian, as: .guardian, at: now) { self.guardian = nil }
        if !self.silence.look(at: now).isEmpty { return true }
        return self.isDoomed()
    }

    private func listen(to socket: LineSocket, as peer: Peer, at now: UInt64) -> LineSocket.Arrival {
        let arrival = socket.receive()
        if case .messages = arrival { self.silence.hear(peer, at: now) }
        return arrival
    }

    /// A guard that died is replaced by the server; its successor listens at the same place.
    private func beat() {
        let now = BootClock.now()
        guard now >= self.lastBeat + Silence.beat else { return }
        self.lastBeat = now
        self.server.send(Message(.beat))
        if self.guardian == nil { self.callGuard(at: now) }
        self.guardian?.send(Message(.beat))
    }

    private func callGuard(at now: UInt64) {
        self.silence.expect(.guardian, at: now)
        // The silence is counted
        guard let socket = try? LineSocket(connectingTo: self.order.guardSocket) else { return }
        var hello = Message(.hello, fault: self.order.id)
        hello.role = .holder
        hello.identity = .current
        if socket.send(hello) { self.guardian = socket }
    }
}
