import GateClient
import Glibc
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// The built-in agent as a process of its own, killed in mid-incident.
@Suite struct AgentProcessTests {
    /// Starts the real program with the host's key and nothing else.
    private func start(_ bench: GateBench, _ directory: TemporaryDirectory) throws -> ChildProcess {
        let key = directory.file("key")
        try FileSystem.writeAtomically(bench.hostKey, to: key, mode: 0o600)
        let settings = """
            state: \(directory.path)
            log_level: error
            peers: {gate: "\(bench.base)"}
            peer_keys: {gate: "\(key)"}
            """
        try FileSystem.writeAtomically(settings, to: directory.file("agent.yaml"))
        return try Spawn(
            path: FileSystem.parent(of: executablePath()) + "/ControlPlane",
            arguments: ["agent", "--config", directory.file("agent.yaml")],
            directory: "/",
            newSession: true
        ).start()
    }

    private func waitForClaims(_ count: Int, in incident: String, _ bench: GateBench) async throws -> Bool {
        for _ in 0..<600 {
            let claims = try await bench.store.events(incident, after: 0).count { $0.type == "agent.claimed" }
            if claims >= count { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    @Test func killedWhileItWaitsItIsReplacedAndTheQuestionStaysAnswerable() async throws {
        try await GateBench.with { bench, incident in
            let directory = try TemporaryDirectory()
            let asker = try await bench.claim(incident, as: "one")
            let receipt = try await bench.agent(asker).propose(PlayedWorld.proposal())
            let approval = try #require(receipt.approval)
            try await bench.letLapse(incident)

            let first = try start(bench, directory)
            #expect(try await waitForClaims(2, in: incident, bench))
            first.handle.signal(SIGKILL)
            #expect(await first.wait(within: .seconds(5)) != nil)
            try await bench.letLapse(incident)

            let second = try start(bench, directory)
            #expect(try await waitForClaims(3, in: incident, bench))
            #expect(try await bench.person.approval(approval).approval.state == .pending)
            #expect(try await bench.approve(approval).state == .approved)
            let ended = try await bench.ended(incident)
            #expect(ended.state == .resolved)
            #expect(bench.world.requests == 1)
            #expect(try await bench.person.approvals().map(\.id) == [approval], "nobody asked twice")
            #expect(await second.stop() != nil)
        }
    }
}
