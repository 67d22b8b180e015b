import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem

/// `ChaosServer guard`: ends faults when the server or a holder cannot, and is a door of the kill switch of its own.
///
/// It is in a session of its own, so that an interrupt from a terminal does not reach it together with the others.
final class GuardProgram {
    /// With no server and nothing left to end it leaves after this time.
    private static let lingering: UInt64 = 5_000_000_000
    private let watch: Watch
    private let isApart: Bool
    private let listener: UnixListener
    private let door: SynchronousHTTPListener
    private var callers: [LineSocket] = []
    private var aloneSince: UInt64?
    private var isToldToLeave = false

    /// Where it is `apart` it runs on its own, in another container than server and holders, and stays when they go.
    static func main(state: String, socket: String, isApart: Bool = false) -> Int32 {
        Holding.prepareProcess()
        do {
            return try GuardProgram(state: state, socket: socket, isApart: isApart).run()
        } catch {
            Logger(label: "chaos-guard").error("the guard cannot start", ["error": .string("\(error)")])
            return 1
        }
    }

    /// Where server and holders call, beside the door for everybody else.
    static func peerSocket(besides door: String) -> String { "\(door).peers" }

    private init(state: String, socket: String, isApart: Bool) throws {
        self.isApart = isApart
        self.watch = Watch(state: state, isApart: isApart)
        self.listener = try UnixListener(path: Self.peerSocket(besides: socket))
        unlink(socket)
        self.door = KillDoor(state: state, key: nil).listener(on: .unix(path: socket, mode: 0o600))
    }

    private func run() throws -> Int32 {
        try self.door.start()
        self.watch.onMessage = { [unowned self] message, _ in self.hear(message) }
        while !self.mayLeave() {
            let ready = self.watch.turn([self.listener.fd] + self.callers.map(\.fd))
            if ready.contains(self.listener.fd), let caller = self.listener.accept() {
                self.callers.append(caller.socket)
            }
            self.answerCallers()
        }
        self.door.stop()
        return 0
    }

    private func hear(_ message: Message) {
        if message.kind == .leave { self.isToldToLeave = true }
    }

    private func answerCallers() {
        self.callers.removeAll { caller in
            switch caller.receive() {
            case .nothing: return false
            case .closed: return true
            case .messages(let messages): return messages.contains { self.answer($0, caller) }
            }
        }
    }

    /// Whether the caller has become somebody we watch.
    private func answer(_ message: Message, _ caller: LineSocket) -> Bool {
        switch message.kind {
        case .hello where message.role == .server:
            self.watch.remove(.server)
            self.watch(.server, message, caller)
            return true
        case .hello:
            guard let fault = message.fault else { return false }
            self.watch(.holder(fault), message, caller)
            return true
        case .arm: self.arm(message, caller)
        default: self.hear(message)
        }
        return false
    }

    private func watch(_ peer: Peer, _ hello: Message, _ caller: LineSocket) {
        if self.isApart { self.watch.add(apart: peer, caller) } else { self.watch.add(peer, hello.identity, caller) }
    }

    /// The promise is made from what lies on disk, not from what the caller says.
    private func arm(_ message: Message, _ caller: LineSocket) {
        // A record that cannot be read is not armed; the caller hears nothing and gives up.
        guard let id = message.fault, let fence = message.fence, let file = try? self.watch.store.file(id),
            let plan = file.plan, file.machine.canBeArmed(fence: fence)
        else { return }
        self.watch.promise(file)
        var answer = Message(.armed, fault: id)
        answer.fence = fence
        answer.deadline = plan.deadline
        caller.send(answer)
    }

    private func mayLeave() -> Bool {
        if self.isApart { return false }
        guard self.watch.isIdle, !self.watch.hasPeer(.server) || self.isToldToLeave else {
            self.aloneSince = nil
            return false
        }
        if self.isToldToLeave { return true }
        let since = self.aloneSince ?? BootClock.now()
        self.aloneSince = since
        return BootClock.now() > since + Self.lingering
    }
}
