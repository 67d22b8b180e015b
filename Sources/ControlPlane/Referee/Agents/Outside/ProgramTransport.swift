import OpsModel
import OpsSystem

/// Talks to an agent that is a program: a line of JSON in, a line of JSON out.
struct ProgramTransport: AgentTransport {
    private let child: LineChild

    /// What the program writes on its error output, at most.
    static let complaints = 64 << 10
    /// What it gets between being asked to end and being killed.
    private static let farewell: Duration = .seconds(1)

    init(_ spawn: Spawn, limits: AgentLimits) throws(SystemError) {
        child = try LineChild(spawn, lineLimit: limits.messageBytes, errorLimit: Self.complaints)
    }

    func send(_ message: JSONValue) async {
        guard let line = try? OpsJSON.encode(message) else { return }  // what is sent is made here, and can be written
        await child.send(line)
    }

    func receive(within limit: Duration) async throws -> AgentHeard {
        do {
            switch try await child.receive(within: limit) {
            case .line(let line): return .message(line)
            case .silence: return .silence
            case .end: return .end
            }
        } catch {
            throw AgentRefusal("agent_stopped", "\(error)")
        }
    }

    func close() async -> AgentFarewell {
        let child = child
        // In a task of its own: a run that was interrupted has to end its children all the same.
        let status = await Task.detached { await child.stop(grace: Self.farewell) }.value
        return AgentFarewell(problem: Self.problem(status), remarks: await child.errorText)
    }

    private static func problem(_ status: ExitStatus?) -> String? {
        switch status {
        case .exited(0)?: nil
        case .exited(let code)?: "it ended with exit status \(code)"
        case .signalled(let number)?: "it was ended by signal \(number)"
        case nil: "it could not be ended"
        }
    }
}
