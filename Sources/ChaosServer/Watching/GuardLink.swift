import Glibc
import OpsModel
import OpsSystem

/// The server's way to its guard: starts it, replaces it, and has it promise.
struct GuardLink: Sendable {
    let state: String
    let socket: String
    /// Whether the guard runs on its own, in another container: it is called, and neither started nor ended.
    var isApart = false
    private var peers: String { GuardProgram.peerSocket(besides: self.socket) }
    private var identityFile: String { "\(self.state)/guard.json" }

    /// Ends a guard of an earlier server, starts another, and calls it as the server.
    func start() throws(ChaosError) -> (socket: LineSocket, child: ChildProcess?) {
        if self.isApart { return (try self.call(), nil) }
        self.endPrevious()
        let child = try self.spawn()
        let limit = BootClock.now() + 3_000_000_000
        while BootClock.now() < limit, !child.handle.hasExited {
            // Not listening yet: the loop is bounded by time and by the child's life.
            if let socket = try? LineSocket(connectingTo: self.peers) {
                var hello = Message(.hello)
                hello.role = .server
                hello.identity = .current
                socket.send(hello)
                return (socket, child)
            }
            _ = Descriptors.ready([child.handle.fd], milliseconds: 10)
        }
        child.handle.signal(SIGKILL)
        throw ChaosError(.notArmed, "the guard did not start", hint: "see the log; the socket is \(self.peers)")
    }

    /// One try: whoever asks tries again.
    private func call() throws(ChaosError) -> LineSocket {
        // Nobody listens, or nobody is there: told below.
        guard let socket = try? LineSocket(connectingTo: self.peers) else {
            throw ChaosError(.notArmed, "there is no guard at \(self.peers)", hint: "start the container of the guard")
        }
        var hello = Message(.hello)
        hello.role = .server
        socket.send(hello)
        return socket
    }

    /// Has the guard read the record back and promise to end the fault: half a second, or no fault.
    func arm(_ fault: String, fence: Int) throws(ChaosError) {
        let socket = try LineSocket(connectingTo: self.peers)
        var message = Message(.arm, fault: fault)
        message.fence = fence
        guard socket.send(message), let answer = socket.next(within: .milliseconds(500)), answer.kind == .armed,
            answer.fault == fault, answer.fence == fence
        else { throw ChaosError(.notArmed, "the guard did not promise to end the fault, so it was not begun") }
    }

    private func spawn() throws(ChaosError) -> ChildProcess {
        do {
            let child = try Spawn(
                path: executablePath(),
                arguments: ["guard", "--state", self.state, "--socket", self.socket],
                directory: "/",
                newSession: true
            ).start()
            try FileSystem.writeAtomically(OpsJSON.encode(child.identity), to: self.identityFile, mode: 0o600)
            return child
        } catch {
            throw ChaosError(.notArmed, "the guard cannot be started: \(error)")
        }
    }

    /// What the earlier guard had promised is swept before; two guards would share one socket.
    func endPrevious() {
        guard !self.isApart else { return }
        // No file, no earlier guard.
        guard let bytes = try? FileSystem.read(self.identityFile, limit: 4_096),
            let identity = try? OpsJSON.decode(ProcessIdentity.self, from: bytes),
            let handle = ProcessHandle(identity)
        else { return }
        handle.signal(SIGKILL)
        _ = handle.waitForExitBlocking(within: .seconds(1))
    }
}
