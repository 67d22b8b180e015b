import Glibc
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// The server's own duty to end faults: a `Watch` on a thread that waits for no task, no request and no database.
final class WatchThread: Sendable {
    /// What other threads ask of the watch.
    private enum Request {
        case promise(FaultFile, ChildProcess?)
        case listen(Handover, String)
        case end(String)
        case stop
    }

    /// `@unchecked Sendable`: the sender gives the socket away and never touches it again.
    private final class Handover: @unchecked Sendable {
        let socket: LineSocket
        init(_ socket: LineSocket) { self.socket = socket }
    }

    private struct Shared {
        var requests: [Request] = []
        var hasGuard = false
        var isRunning = false
    }

    private let state: String
    private let guardLink: GuardLink
    private let logger: Logger
    private let shared = Mutex(Shared())

    init(state: String, guardLink: GuardLink, logger: Logger) {
        self.state = state
        self.guardLink = guardLink
        self.logger = logger
    }

    /// Whether a guard is there to promise.
    var hasGuard: Bool { self.shared.withLock { $0.hasGuard } }
    /// Whether the thread still works; it ends only when it was told to.
    var isRunning: Bool { self.shared.withLock { $0.isRunning } }

    func promise(_ file: FaultFile, _ holder: ChildProcess?) { self.ask(.promise(file, holder)) }
    func listen(to socket: LineSocket, of fault: String) { self.ask(.listen(Handover(socket), fault)) }
    func end(_ fault: String) { self.ask(.end(fault)) }
    func stop() { self.ask(.stop) }

    func start() {
        self.shared.withLock { $0.isRunning = true }
        startThread(named: "chaos-watch") { self.run() }
    }

    private func ask(_ request: Request) { self.shared.withLock { $0.requests.append(request) } }

    private func run() {
        let work = Work(Watch(state: self.state))
        work.watch.replaceGuard = { work.guardRetry = 0 }
        while !work.isDone {
            for request in self.shared.withLock({ $0.requests.takeAll() }) { self.serve(request, work) }
            if BootClock.now() >= work.guardRetry, !work.watch.hasPeer(.guardian), !work.isStopping {
                self.startGuard(work)
            }
            _ = work.watch.turn()
            work.holders = work.holders.filter { $0.value.reap() == nil }
        }
        work.tellGuardToLeave()
        self.shared.withLock { $0.isRunning = false }
    }

    private func serve(_ request: Request, _ work: Work) {
        switch request {
        case .promise(let file, let holder):
            if let holder { work.holders[file.id] = holder }
            work.watch.promise(file)
            // The guard that was asked when the fault began has been replaced since.
            let began = file.lines.first?.at.nanoseconds ?? 0
            if work.watch.hasPeer(.guardian), began < work.guardSince { self.arm(file.id, work) }
        case .listen(let handover, let fault): work.watch.add(.holder(fault), nil, handover.socket)
        case .end(let fault): work.watch.ask(toEnd: fault)
        case .stop: work.stop()
        }
    }

    /// A guard that cannot be started means that no fault may go on.
    private func startGuard(_ work: Work) {
        do throws(ChaosError) {
            let (socket, child) = try self.guardLink.start()
            work.guardian = (child, socket)
            work.guardSince = BootClock.now()
            if let child {
                work.watch.add(.guardian, child.identity, socket)
            } else {
                work.watch.add(apart: .guardian, socket)
            }
            for fault in work.watch.open { self.arm(fault, work) }
            self.shared.withLock { $0.hasGuard = true }
            self.logger.info("guard is on duty", child.map { ["pid": .int(Int($0.identity.pid))] } ?? ["apart": true])
        } catch {
            self.logger.error("no guard, faults are taken back", ["error": .string(error.description)])
            for fault in work.watch.open { work.watch.ask(toEnd: fault) }
            self.shared.withLock { $0.hasGuard = work.watch.hasPeer(.guardian) }
            work.guardRetry = BootClock.now() + 1_000_000_000
        }
    }

    /// One that is being taken back already, or that the new guard does not promise to end, ends; the others go on.
    private func arm(_ fault: String, _ work: Work) {
        let fence = InjectionStateMachine.fence
        // What cannot be read cannot be promised.
        let mayGoOn = (try? work.watch.store.file(fault))?.machine.canBeArmed(fence: fence) ?? false
        do throws(ChaosError) {
            if mayGoOn { return try self.guardLink.arm(fault, fence: fence) }
        } catch {
            self.logger.error("a fault has no guard, it is taken back", ["error": .string(error.description)])
        }
        work.watch.ask(toEnd: fault)
    }

    /// What belongs to the thread alone.
    private final class Work {
        /// Stopping gives up waiting for the target after this time; the sweep of the next start goes on.
        private static let patience: UInt64 = 4_000_000_000
        let watch: Watch
        var guardian: (child: ChildProcess?, socket: LineSocket)?
        var holders: [String: ChildProcess] = [:]
        var guardRetry: UInt64 = 0
        /// When the present guard came on duty.
        var guardSince: UInt64 = 0
        private var stopAt: UInt64?

        init(_ watch: Watch) { self.watch = watch }

        var isStopping: Bool { self.stopAt != nil }
        var isDone: Bool { self.stopAt.map { self.watch.isIdle || BootClock.now() > $0 } ?? false }

        func stop() {
            self.stopAt = self.stopAt ?? BootClock.now() + Self.patience
            for fault in self.watch.open { self.watch.ask(toEnd: fault) }
        }

        func tellGuardToLeave() {
            self.watch.remove(.guardian)
            guard let guardian else { return }
            guardian.socket.send(Message(.leave))
            _ = guardian.child?.waitBlocking(within: .seconds(1))
        }
    }
}

extension Array {
    /// The elements, leaving none behind.
    fileprivate mutating func takeAll() -> [Element] {
        defer { self.removeAll() }
        return self
    }
}
