import OpsRuntime
import OpsSystem

/// The target's supervisor as the one that starts and stops.
struct SupervisorControl: ProcessControl {
    let client: SupervisorClient

    func status(of program: String) async throws(ActionError) -> ProgramStatus {
        let state = try await translating { () async throws(RuntimeError) in try await client.state(of: program) }
        // A process that ended between the answer and our look has no identity any more, and that is the truth.
        let identity = state.pid.flatMap { ProcessIdentity.of(pid: $0) }.flatMap { $0.isAlive ? $0 : nil }
        return ProgramStatus(state: state.phase.rawValue, identity: identity)
    }

    func start(_ program: String) async throws(ActionError) {
        try await translating { () async throws(RuntimeError) in try await client.start(program) }
    }

    func stop(_ program: String) async throws(ActionError) {
        try await translating { () async throws(RuntimeError) in try await client.stop(program) }
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
