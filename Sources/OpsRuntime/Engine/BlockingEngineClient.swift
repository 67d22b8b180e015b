import OpsModel
import OpsSystem

/// Talks to a container engine like ``EngineClient``, for programs without tasks: each call holds its thread.
package struct BlockingEngineClient: BlockingProgramControl {
    /// Stopping waits for the program's end.
    private static let limit: Duration = .seconds(12)

    private let socket: String
    private let prefix: String

    package init(socket: String, prefix: String) {
        self.socket = socket
        self.prefix = prefix
    }

    package func state(of program: String) throws(RuntimeError) -> ProgramState {
        let answer = try call(.state(of: prefix + program))
        guard let state = ProgramState(container: answer, name: program) else {
            throw RuntimeError(.supervisorRefused, "the engine's answer about \(program) makes no sense")
        }
        return state
    }

    package func residentBytes(of program: String) throws(RuntimeError) -> UInt64 {
        guard let usage = ContainerUsage(try call(.usage(of: prefix + program))) else {
            throw RuntimeError(.notRunning, "the engine has no figures about \(program)")
        }
        return usage.memoryBytes
    }

    /// An engine does not count them, and a container's processes are not to be seen from another one.
    package func openDescriptors(of program: String) -> Int? { nil }

    package func start(_ program: String) throws(RuntimeError) { _ = try call(.start(prefix + program)) }

    package func stop(_ program: String) throws(RuntimeError) { _ = try call(.stop(prefix + program)) }

    /// From within: what the engine itself kills, it does not start again, whatever its restart policy says.
    package func crash(_ program: String) throws(RuntimeError) {
        let command = ["/bin/sh", "-c", "kill -9 $(cat /proc/1/task/1/children)"]
        guard let id = try call(.prepare(command, in: prefix + program))?["Id"]?.stringValue else {
            throw RuntimeError(.supervisorRefused, "the engine's answer about \(program) makes no sense")
        }
        _ = try call(.carryOut(id))
    }

    package func pause(_ program: String) throws(RuntimeError) { _ = try call(.pause(prefix + program)) }

    /// An engine refuses to resume what is not paused, with a status that it also has for what went wrong: the state decides.
    package func resume(_ program: String) throws(RuntimeError) {
        do { _ = try call(.resume(prefix + program)) } catch {
            guard error.code == .supervisorRefused, try !state(of: program).isPaused else { throw error }
        }
    }

    private func call(_ order: EngineOrder) throws(RuntimeError) -> JSONValue? {
        let exchange = BlockingExchange(socket: socket, limit: Self.limit)
        let answer: BlockingExchange.Answer
        do throws(SystemError) {
            answer =
                try order.isQuestion
                ? exchange.get(order.path) : exchange.post(order.path, order.body, type: "application/json")
        } catch {
            throw RuntimeError.engineSilent(socket, error.message)
        }
        return try order.value(status: answer.status, body: answer.body)
    }
}
