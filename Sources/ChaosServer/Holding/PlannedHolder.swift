import Glibc
import OpsModel
import OpsSystem

/// A holder that has said what it would do, and has done nothing.
struct PlannedHolder {
    private static let patience: Duration = .seconds(8)

    let process: ChildProcess
    let socket: LineSocket
    let plan: FaultPlan

    /// Starts a holder, and ends it again when it refuses or what it would do stands against what is on.
    init(_ order: HoldOrder, beside running: [Footprint]) throws(ChaosError) {
        let (ours, theirs) = try LineSocket.pair()
        let process: ChildProcess
        do throws(SystemError) {
            process = try Spawn(
                path: executablePath(),
                arguments: ["hold"],
                directory: "/",
                extraDescriptors: [theirs.raw]
            ).start()
        } catch {
            throw ChaosError(.busy, "the holder cannot be started: \(error.message)")
        }
        withExtendedLifetime(theirs) {}
        do throws(ChaosError) {
            self.plan = try Self.ask(order, ours)
            if let conflict = Footprint(self.plan).conflict(with: running) { throw conflict }
        } catch {
            Self.end(process)
            throw error
        }
        self.process = process
        self.socket = ours
    }

    /// Ends it before it has begun.
    func dismiss() { Self.end(self.process) }

    private static func ask(_ order: HoldOrder, _ socket: LineSocket) throws(ChaosError) -> FaultPlan {
        var message = Message(.order, fault: order.id)
        message.order = order
        message.identity = .current
        socket.send(message)
        guard let answer = socket.next(within: self.patience) else {
            throw ChaosError(.notApplied, "the holder gave no plan in time")
        }
        guard answer.kind == .planned, let plan = answer.plan else { throw answer.error }
        return plan
    }

    private static func end(_ process: ChildProcess) {
        process.handle.signal(SIGKILL)
        _ = process.waitBlocking(within: .seconds(1))
    }
}
