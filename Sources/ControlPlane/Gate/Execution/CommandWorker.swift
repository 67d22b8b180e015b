import OpsModel
import OpsService

/// Carries out what incidents have decided, one command after another per incident, each under its idempotency key.
///
/// It may die at any point: the command stays waiting until its result is committed, and ActionPlane answers a repeated
/// key with the stored result instead of acting again.
struct CommandWorker: Service {
    var store: any GateStore
    var changed: ChangeSignal
    var logger: Logger
    var windowS: @Sendable () async -> Double
    /// Carries out one action; throws while ActionPlane cannot be reached.
    var act: @Sendable (OutboxCommand) async throws -> ActionResult

    func run() async throws {
        while !Task.isCancelled {
            await carryOutAll()
            await changed.wait(atMost: .milliseconds(500))
        }
    }

    /// One pass over the waiting commands; a failed one stays and is tried again in the next pass.
    func carryOutAll() async {
        do {
            for command in try await store.waitingCommands() { try await carryOut(command) }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("command waits", ["gate.error": .string("\(error)")])
        }
    }

    /// Notes that the command goes out before it does; what was withheld meanwhile is dropped.
    private func carryOut(_ command: OutboxCommand) async throws {
        let now = Timestamp.now()  // one moment for both looks, or a hold could end between them
        let record = try await store.change(command.incident) {
            IncidentStateMachine(record: $0, now: now).sending(command)
        }
        switch IncidentStateMachine(record: record, now: now).standing(of: command) {
        case .early: return
        case .due: try await send(command)
        case .ended: try await store.drop(command, as: .done)
        case .void: try await store.drop(command, as: .dropped)
        }
    }

    private func send(_ command: OutboxCommand) async throws {
        let result = try await act(command)
        // Sent before, and still under way: asked again in the next pass.
        guard result.state != .running else { return }
        let window = await windowS()
        try await store.change(command.incident) { record in
            IncidentStateMachine(record: record, now: .now())
                .stepEnded(result, proposal: command.proposal, step: command.step, windowS: window)
        }
        try await store.finish(command, with: result)
        changed.notify()
    }
}
