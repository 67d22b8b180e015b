import Glibc
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTrust

/// `ChaosServer hold`: brings one fault into the world and keeps it there.
///
/// It has one thread, no tasks and no arguments. Its order comes on descriptor 3, the other end of which the server has.
final class HoldProgram {
    static let descriptor: Int32 = 3
    private static let patience: Duration = .seconds(10)

    private let server: LineSocket
    private let order: HoldOrder
    private let fault: any Fault
    private let parent: ProcessHandle?
    private let store: FaultStore
    private let latch: LatchFile
    private let log: Journal
    private var isAnnounced = false

    /// Runs to the end of the fault and gives the exit code.
    static func main() -> Int32 {
        Holding.prepareProcess()
        let server = LineSocket(owning: FileDescriptor(owning: self.descriptor))
        guard let message = server.next(within: self.patience), let order = message.order else { return 1 }
        do throws(ChaosError) {
            if order.isRehearsal { return try Self.rehearse(server, order) }
            return try HoldProgram(server, order, parent: message.identity).run()
        } catch {
            server.send(.refused(error))
            return 1
        }
    }

    private init(_ server: LineSocket, _ order: HoldOrder, parent: ProcessIdentity?) throws(ChaosError) {
        self.server = server
        self.order = order
        self.parent = parent.flatMap { ProcessHandle($0) }
        self.store = FaultStore(state: order.state)
        self.latch = LatchFile(state: order.state)
        do {
            self.fault = try Self.fault(order)
            self.log = try self.store.log(order.id, .holder)
        } catch let error as ChaosError {
            throw error
        } catch {
            throw ChaosError(.journalFailed, "the holder cannot start: \(error)")
        }
    }

    private func run() throws(ChaosError) -> Int32 {
        let blueprint = try self.fault.plan()
        var message = Message(.planned)
        message.plan = FaultPlan(self.order, blueprint)
        self.server.send(message)
        let lookout = Lookout(server: self.server, parent: self.parent, order: self.order)
        return self.live(lookout, blueprint)
    }

    /// Carries out what the state machine says.
    private func live(_ lookout: Lookout, _ blueprint: Blueprint) -> Int32 {
        var machine = HolderStateMachine()
        var lock: FileLock?
        var action = HolderStateMachine.Action.wait
        var achieved: Double??
        while true {
            switch action {
            case .wait:
                action = machine.handle(lookout.awaitOrder(for: Self.patience).map { .told(fence: $0) } ?? .doomed)
            case .takeLock:
                lock = self.takeLock(blueprint)
                action = machine.handle(.locked(lock != nil))
            case .check:
                let fault = self.readBack()
                action = machine.handle(
                    .checked(isLatched: self.latch.read() != nil || lookout.isDoomed(), fault: fault)
                )
            case .apply:
                achieved = self.apply(blueprint)
                action = machine.handle(.applied(achieved != nil))
            case .confirm: action = machine.handle(.confirmed(isLatched: self.latch.read() != nil))
            case .record:
                let isRecorded = self.record(achieved)
                lock?.release()
                lock = nil
                if !isRecorded { _ = machine.handle(.doomed) }
                action = machine.handle(.recorded)
            case .hold:
                self.announce(achieved)
                Keeper(fault: self.fault, order: self.order, store: self.store, latch: self.latch, log: self.log)
                    .keep(until: lookout)
                action = machine.handle(.doomed)
            case .undo:
                lock?.release()
                lock = nil
                action = machine.handle(.undone(mayLeave: self.undo(lookout)))
            case .leave: return 0
            }
        }
    }

    private func takeLock(_ blueprint: Blueprint) -> FileLock? {
        // Whoever holds it is changing the resource: a fault on top of that would have no `before`.
        try? FileLock.acquireBlocking(
            self.order.shared.resources.lockFile(blueprint.resource),
            mode: 0o660,
            within: .seconds(2)
        )
    }

    /// What cannot be read was not armed.
    private func readBack() -> FaultStateMachine {
        (try? self.store.file(self.order.id))?.machine ?? FaultStateMachine()
    }

    private func apply(_ blueprint: Blueprint) -> Double?? {
        do throws(ChaosError) {
            let achieved = try self.fault.apply()
            let description = FaultCatalog.description(of: self.order.implementation)
            let refusal = description.tolerance.refusal(
                requested: blueprint.requested,
                achieved: achieved,
                unit: description.unit
            )
            if let refusal { throw refusal }
            return .some(achieved)
        } catch {
            self.server.send(.refused(error))
            return nil
        }
    }

    private func record(_ achieved: Double??) -> Bool {
        do throws(ChaosError) {
            try self.log.append(JournalLine(.applied), orLatch: self.latch)
            var line = JournalLine(.verified)
            line.achieved = achieved ?? nil
            try self.log.append(line, orLatch: self.latch)
            return true
        } catch {
            return false
        }
    }

    private func announce(_ achieved: Double??) {
        var message = Message(.applied)
        message.achieved = achieved ?? nil
        self.isAnnounced = true
        self.server.send(message)
    }

    /// Whether nobody has to come back to it, or somebody will: where the server has ended, the next one sweeps.
    ///
    /// A guard or server that is at work ends this process and goes on; one that is held still would leave the fault to nobody.
    private func undo(_ lookout: Lookout) -> Bool {
        self.fault.release()
        let cause = lookout.cause(isLatched: self.latch.read() != nil, isAnnounced: self.isAnnounced)
        // What cannot be read now may be readable in a moment.
        let result = try? Undo(store: self.store, cause: cause).run(self.order.id, isHolder: true)
        if result?.isOver == true { return true }
        _ = Descriptors.ready([self.parent?.fd ?? -1], milliseconds: 500)
        return self.parent?.hasExited != false
    }

    /// Says what would be done and touches nothing: there is no journal, and no order will follow.
    private static func rehearse(_ server: LineSocket, _ order: HoldOrder) throws(ChaosError) -> Int32 {
        let fault = try self.fault(order)
        var message = Message(.planned)
        message.plan = FaultPlan(order, try fault.plan())
        server.send(message)
        fault.release()
        return 0
    }

    private static func fault(_ order: HoldOrder) throws(ChaosError) -> any Fault {
        let key: [UInt8]
        do { key = try SecretFile.read("\(order.state)/tag.key") } catch {
            throw ChaosError(.journalFailed, "the holder cannot start: \(error)")
        }
        return FaultCatalog.type(of: order.implementation).init(try FaultSetting(order, tagKey: key))
    }
}

/// What holder, guard and undo do first.
enum Holding {
    static func prepareProcess() {
        blockSignals()
        ignoreBrokenPipes()
        becomeUndumpable()
    }
}
