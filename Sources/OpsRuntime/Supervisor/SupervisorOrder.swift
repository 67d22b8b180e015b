/// One question or order for a supervisor, and what its answer means.
///
/// How it gets there is the clients' business: one waits in a task, the other holds its thread.
package struct SupervisorOrder: Sendable {
    package let method: String
    package let parameters: [XMLRPCValue]
    /// The refusal that means that the order is carried out already.
    package var fulfilledBy: RuntimeError.Code?

    package init(_ method: String, _ parameters: [XMLRPCValue] = [], fulfilledBy: RuntimeError.Code? = nil) {
        self.method = method
        self.parameters = parameters
        self.fulfilledBy = fulfilledBy
    }

    package static func state(of program: String) -> SupervisorOrder {
        SupervisorOrder("getProcessInfo", [.string(program)])
    }

    /// Does not wait until the program serves.
    package static func start(_ program: String) -> SupervisorOrder {
        SupervisorOrder("startProcess", [.string(program), .bool(false)], fulfilledBy: .busy)
    }

    /// Waits for the program's end.
    package static func stop(_ program: String) -> SupervisorOrder {
        SupervisorOrder("stopProcess", [.string(program), .bool(true)], fulfilledBy: .notRunning)
    }

    /// The signal is named without `SIG`.
    package static func signal(_ program: String, _ name: String) -> SupervisorOrder {
        SupervisorOrder("signalProcess", [.string(program), .string(name)])
    }

    package var body: [UInt8] { Array(XMLRPC.call("supervisor.\(self.method)", self.parameters).utf8) }

    /// What the supervisor's answer says; nil when the order was fulfilled before it came.
    package func value(of answer: String) throws(RuntimeError) -> XMLRPCValue? {
        switch try? XMLRPC.answer(answer) {
        case .value(let value): return value
        case .fault(let code, let message):
            let code = Self.code(of: code)
            if code == self.fulfilledBy { return nil }
            throw RuntimeError(code, "\(self.method) \(self.parameters.first?.text ?? ""): \(message)")
        case nil:  // unreadable
            throw RuntimeError(.supervisorRefused, "\(self.method): the supervisor's answer makes no sense")
        }
    }

    /// Supervisor's fault numbers, from its `xmlrpc.Faults`.
    private static func code(of fault: Int) -> RuntimeError.Code {
        switch fault {
        case 10: .unknownProgram
        case 60: .busy
        case 70: .notRunning
        default: .supervisorRefused
        }
    }
}

extension ProgramState {
    /// What the answer to ``SupervisorOrder/state(of:)`` says.
    init(_ answer: XMLRPCValue?, about program: String) throws(RuntimeError) {
        guard let state = answer.flatMap(ProgramState.init) else {
            throw RuntimeError(.supervisorRefused, "the supervisor's answer about \(program) makes no sense")
        }
        self = state
    }
}

extension RuntimeError {
    static func silent(_ socket: String, _ reason: String) -> RuntimeError {
        RuntimeError(
            .supervisorUnreachable,
            "the supervisor at \(socket) does not answer: \(reason)",
            hint: "`opslab status` shows whether the lab is up"
        )
    }
}
