import OpsRuntime
import OpsSystem

/// The target's supervisor, or engine, as the one that starts and stops.
struct SupervisorControl: ProcessControl {
    let client: any ProgramControl

    func status(of program: String) async throws(ActionError) -> ProgramStatus {
        let state = try await translating { () async throws(RuntimeError) in try await client.state(of: program) }
        return ProgramStatus(state: state.phase.rawValue, identity: state.identity, isPaused: state.isPaused)
    }

    func start(_ program: String) async throws(ActionError) {
        try await translating { () async throws(RuntimeError) in try await client.start(program) }
    }

    /// A supervisor would wait for what is held still, and then kill it.
    func stop(_ program: String) async throws(ActionError) {
        try await translating { () async throws(RuntimeError) in
            if try await client.state(of: program).isPaused { try await client.resume(program) }
            try await client.stop(program)
        }
    }

    func resume(_ program: String) async throws(ActionError) {
        try await translating { () async throws(RuntimeError) in try await client.resume(program) }
    }

    private func translating<Answer>(
        _ body: () async throws(RuntimeError) -> Answer
    ) async throws(ActionError) -> Answer {
        do throws(RuntimeError) { return try await body() } catch {
            let code: ActionError.Code =
                switch error.code {
                case .supervisorUnreachable: .targetUnreadable
                case .unknownProgram: .notPermitted
                default: .effectFailed
                }
            throw ActionError(code, error.message, hint: error.hint)
        }
    }
}
