import OpsRuntime

/// The supervisor or engine of the target, as faults ask it: with the injector's errors, and holding the thread.
struct TargetSupervisor: Sendable {
    private let client: any BlockingProgramControl

    /// - Parameter address: As ``ControlAddress`` reads it.
    init(_ address: String) { self.client = ControlAddress(address).blockingControl() }

    func state(of program: String) throws(ChaosError) -> ProgramState {
        try self.asking { () throws(RuntimeError) in try self.client.state(of: program) }
    }

    func start(_ program: String) throws(ChaosError) {
        try self.asking { () throws(RuntimeError) in try self.client.start(program) }
    }

    func stop(_ program: String) throws(ChaosError) {
        try self.asking { () throws(RuntimeError) in try self.client.stop(program) }
    }

    func crash(_ program: String) throws(ChaosError) {
        try self.asking { () throws(RuntimeError) in try self.client.crash(program) }
    }

    func pause(_ program: String) throws(ChaosError) {
        try self.asking { () throws(RuntimeError) in try self.client.pause(program) }
    }

    func resume(_ program: String) throws(ChaosError) {
        try self.asking { () throws(RuntimeError) in try self.client.resume(program) }
    }

    func residentBytes(of program: String) throws(ChaosError) -> UInt64 {
        try self.asking { () throws(RuntimeError) in try self.client.residentBytes(of: program) }
    }

    /// Nil where they cannot be counted from outside.
    func openDescriptors(of program: String) throws(ChaosError) -> Int? {
        try self.asking { () throws(RuntimeError) in try self.client.openDescriptors(of: program) }
    }

    private func asking<Value>(_ body: () throws(RuntimeError) -> Value) throws(ChaosError) -> Value {
        do throws(RuntimeError) { return try body() } catch {
            switch error.code {
            case .supervisorUnreachable:
                throw ChaosError(.targetUnavailable, error.message, hint: "it is tried again until it answers")
            case .unknownProgram: throw ChaosError(.badTarget, error.message, hint: "see the target's supervisor")
            default: throw ChaosError(.notApplied, error.message, hint: "see the target's supervisor")
            }
        }
    }
}
