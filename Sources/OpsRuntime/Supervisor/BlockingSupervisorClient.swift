import OpsSystem

/// Talks to a supervisor like ``SupervisorClient``, for programs without tasks: each call holds its thread.
///
/// No call takes longer than its limit, whatever the supervisor does.
package struct BlockingSupervisorClient: BlockingProgramControl {
    package let socket: String
    private let limit: Duration

    package init(socket: String, within limit: Duration = .seconds(5)) {
        self.socket = socket
        self.limit = limit
    }

    package func state(of program: String) throws(RuntimeError) -> ProgramState {
        try ProgramState(try self.call(.state(of: program)), about: program)
    }

    package func residentBytes(of program: String) throws(RuntimeError) -> UInt64 {
        guard let pid = try self.state(of: program).pid, let bytes = ProcessSample.residentBytes(pid: pid) else {
            throw RuntimeError(.notRunning, "\(program) has no process")
        }
        return bytes
    }

    package func openDescriptors(of program: String) throws(RuntimeError) -> Int? {
        guard let pid = try self.state(of: program).pid else {
            throw RuntimeError(.notRunning, "\(program) has no process")
        }
        return ProcessSample.openDescriptors(pid: pid)
    }

    package func start(_ program: String) throws(RuntimeError) { _ = try self.call(.start(program)) }

    package func stop(_ program: String) throws(RuntimeError) { _ = try self.call(.stop(program)) }

    package func crash(_ program: String) throws(RuntimeError) { _ = try self.call(.signal(program, "KILL")) }

    package func pause(_ program: String) throws(RuntimeError) { _ = try self.call(.signal(program, "STOP")) }

    /// The signal means nothing to a process that is not stopped.
    package func resume(_ program: String) throws(RuntimeError) {
        do { _ = try self.call(.signal(program, "CONT")) } catch  where error.code == .notRunning { return }
    }

    private func call(_ order: SupervisorOrder) throws(RuntimeError) -> XMLRPCValue? {
        let answer: BlockingExchange.Answer
        do throws(SystemError) {
            answer = try BlockingExchange(socket: self.socket, limit: self.limit)
                .post("/RPC2", order.body, type: "text/xml")
        } catch {
            throw RuntimeError.silent(self.socket, error.message)
        }
        guard answer.status == 200 else {
            throw RuntimeError(.supervisorRefused, "\(order.method): the supervisor answered without a value")
        }
        return try order.value(of: answer.body)
    }
}
