import CLinux
import Glibc
import OpsModel
import OpsService
import OpsSystem

/// Owns the sockets at which a proxy listens, and has a child accept from them that it replaces when it dies.
///
/// Whoever calls meanwhile waits in the kernel's queue and is not refused. It has no tasks, and one thread besides the signals'.
final class ProxyGuard {
    /// Twice in the time between two of the worker's beats.
    private static let turn: Int32 = 250
    private static let farewell: Duration = .seconds(4)

    private let arguments: [String]
    private let api: FileDescriptor?
    private let log: Logger
    /// Readable once we are asked to end; a copy for the thread of signals lives as long as the process.
    private let stop = FileDescriptor(owning: eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)))
    private var sockets = KeptSockets()
    private var life = WorkerLife()

    /// - Parameters:
    ///   - arguments: What the worker is started with.
    ///   - api: Where the API listens, if the worker is not to open that itself.
    ///   - log: Where it says that a worker ended.
    init(arguments: [String], api: FileDescriptor?, log: Logger) {
        self.arguments = arguments
        self.api = api
        self.log = log
    }

    /// Runs until it is asked to end, or until the first worker could not begin; gives the exit code.
    func run() -> Int32 {
        let stop = self.stop.raw
        Signals.onTermination { _ in eventfd_write(stop, 1) }
        while true {
            let (worker, channel): (ChildProcess, PacketSocket)
            do { (worker, channel) = try self.startWorker() } catch {
                self.log.error("the proxy's worker cannot be started", ["error": .string("\(error)")])
                return 1
            }
            guard let status = self.attend(to: worker, channel) else { return self.end(worker) }
            guard case .start(let pause) = self.life.ended(at: BootClock.now()) else { return status.code }
            self.log.warning("the proxy's worker ended and is started again", ["status": .string("\(status)")])
            if pause > 0, !Descriptors.ready([stop], milliseconds: pause).isEmpty { return 0 }
        }
    }

    private func startWorker() throws(SystemError) -> (ChildProcess, PacketSocket) {
        let (ours, theirs) = try PacketSocket.pair()
        // One that ended in order has shut it down for everybody.
        if let api { listen(api.raw, IPv4.backlog) }
        let child = try Spawn(
            path: executablePath(),
            arguments: ["proxy-worker"] + self.arguments,
            environment: ProcessEnvironment.current,
            extraDescriptors: [theirs.raw] + (self.api.map { [$0.raw] } ?? [])
        ).start()
        withExtendedLifetime(theirs) {}
        self.life.started(at: BootClock.now())
        for (proxy, socket) in self.sockets.all { self.send(GuardMessage(.known, proxy: proxy), socket, ours) }
        var begin = GuardMessage(.begin)
        begin.starts = self.life.starts
        self.send(begin, nil, ours)
        return (child, ours)
    }

    /// Serves a worker to its end; nil when we are asked to end first.
    private func attend(to worker: ChildProcess, _ channel: PacketSocket) -> ExitStatus? {
        while true {
            let ready = Descriptors.ready([self.stop.raw, worker.handle.fd, channel.fd], milliseconds: Self.turn)
            if ready.contains(self.stop.raw) { return nil }
            if ready.contains(worker.handle.fd) { return worker.waitBlocking(within: .seconds(1)) ?? .exited(1) }
            if ready.isEmpty, self.life.heardNothing() == .kill { worker.handle.signal(SIGKILL) }
            if ready.contains(channel.fd), !self.hear(channel) {
                // Without us it could neither listen anew nor say that it lives.
                worker.handle.signal(SIGKILL)
                return worker.waitBlocking(within: .seconds(1)) ?? .signalled(SIGKILL)
            }
        }
    }

    /// Answers what has come; false when nothing can come any more.
    private func hear(_ channel: PacketSocket) -> Bool {
        while true {
            switch channel.receive() {
            case .nothing: return true
            case .closed: return false
            case .packet(let bytes, _):
                // What is no message of ours is dropped: both ends are this program.
                guard let message = try? OpsJSON.decode(GuardMessage.self, from: bytes) else { continue }
                self.life.heard(isReady: message.kind == .ready)
                self.answer(message, channel)
            }
        }
    }

    private func answer(_ message: GuardMessage, _ channel: PacketSocket) {
        guard let proxy = message.proxy else { return }
        var answer = GuardMessage(.answer, number: message.number)
        var opened: FileDescriptor?
        switch message.kind {
        case .keep:
            do throws(ChaosError) {
                let kept = try self.sockets.keep(proxy)
                answer.proxy = kept.proxy
                opened = kept.opened
            } catch {
                answer.problem = error.message
            }
        case .forget: self.sockets.forget(proxy.name)
        default: return
        }
        self.send(answer, opened, channel)
    }

    private func send(_ message: GuardMessage, _ socket: FileDescriptor?, _ channel: PacketSocket) {
        // Our own types always have a JSON text; a worker that does not read is told by its silence.
        if let bytes = try? OpsJSON.encode(message) { channel.send(bytes, with: socket) }
    }

    private func end(_ worker: ChildProcess) -> Int32 {
        worker.handle.signal(SIGTERM)
        if let status = worker.waitBlocking(within: Self.farewell) { return status.code }
        worker.signalGroup(SIGKILL)
        _ = worker.waitBlocking(within: .seconds(1))
        return 1
    }
}
