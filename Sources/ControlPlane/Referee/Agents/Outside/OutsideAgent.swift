import GateClient
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsService
import OpsSystem
import Synchronization

/// Somebody's own agent, at work on every incident of a run.
struct OutsideAgent: PlayedAgent {
    /// What it is called in reports: the word of the command line.
    let name: String
    let door: AgentDoor
    let limits: AgentLimits
    /// Nil when the program runs as whoever started the run.
    let sandbox: AgentSandbox?

    private let written = Written()

    init(name: String, door: AgentDoor, sandbox: AgentSandbox?, limits: AgentLimits = AgentLimits()) {
        self.name = name
        self.door = door
        self.sandbox = sandbox
        self.limits = limits
    }

    /// It waits from the beginning: when something breaks is for it to find out.
    var isThereBefore: Bool { true }

    var remarks: String { written.text.withLock { $0 } }

    /// What a sandbox keeps away makes up for a lab that is one user's; whoever works outside of one is kept from nothing.
    func isolation(in lab: Isolation) -> Isolation {
        guard case .program = door, sandbox != nil else { return .interface }
        return lab == .interface ? .sandbox : lab
    }

    func work(in lab: RefereeLab) async throws {
        let transport = try transport()
        let end: Result<AgentDialogue.End, any Error>
        do { end = .success(try await converse(transport, lab)) } catch { end = .failure(error) }
        let farewell = await transport.close()
        written.text.withLock { $0 = farewell.remarks }
        switch end {
        case .success(.stopped(let reason)): throw OutsideAgentError("\(reason) and was stopped")
        case .success: if let problem = farewell.problem { throw OutsideAgentError(problem) }
        case .failure(let refusal as AgentRefusal): throw OutsideAgentError(refusal.message)
        case .failure(let error): throw error
        }
    }

    func work(with hands: AgentHands) async throws {}

    private func converse(_ transport: any AgentTransport, _ lab: RefereeLab) async throws -> AgentDialogue.End {
        let conversation = AgentConversation(transport: transport) {
            guard let claimed = try await AgentHands.claimNext(in: lab, as: name, waiting: 1) else { return nil }
            return AgentConversation.Work(incident: claimed.incident, gate: GateIncident(client: claimed.client))
        }
        return try await conversation.hold(limits: limits)
    }

    private func transport() throws(SystemError) -> any AgentTransport {
        switch door {
        case .address(let url): return AddressTransport(url: url, limits: limits)
        case .program(let path, let words):
            guard let sandbox else { return try ProgramTransport(Self.unconfined(path, words), limits: limits) }
            let arguments = sandbox.arguments(for: path, words)
            return try ProgramTransport(Spawn(path: AgentSandbox.program, arguments: arguments), limits: limits)
        }
    }

    /// Starts a program with our environment and our rights, and has the kernel kill it when we are gone.
    ///
    /// Bubblewrap sees to that inside a sandbox. What such a program has started itself is not killed with it.
    static func unconfined(_ path: String, _ words: [String]) -> Spawn {
        Spawn(
            path: "/usr/bin/setpriv",
            arguments: ["--pdeathsig", "KILL", "--", path] + words,
            environment: ProcessEnvironment.current
        )
    }
}

/// How an agent's part of a run came to an early end.
struct OutsideAgentError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What an agent wrote, once it has ended.
private final class Written: Sendable {
    let text = Mutex("")
}
