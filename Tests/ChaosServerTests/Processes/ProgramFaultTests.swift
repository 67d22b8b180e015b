import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// Faults that end programs, under a real supervisor.
@Suite("Programs that are gone", .serialized)
struct ProgramFaultTests {
    private func withPrograms(_ body: (ChaosLab, TargetSupervisor) async throws -> Void) async throws {
        try await ChaosLab.withPrograms(["api-1", "api-2", "payments-a", "payments-b"], body)
    }

    @Test("A crashed instance stays down until somebody starts it; the undo starts it only if nobody did")
    func crash() async throws {
        try await self.withPrograms { lab, link in
            let request = FaultRequest(target: "api", instance: "api-2", leaseS: 30)
            let first = try await lab.client.inject("api-crash", request)
            #expect(try link.state(of: "api-2").phase == .exited)
            #expect(try link.state(of: "api-1").phase == .running)
            #expect(try await lab.client.revert(first.id).outcome == ["reverted": 1])
            #expect(try link.state(of: "api-2").phase == .running)
            // Starts are counted in whole seconds: the next one has to be another.
            let start = try #require(try link.state(of: "api-2").started)
            let second = try await lab.client.inject("api-crash", request)
            try await eventually("another second") {
                BootClock.now() > 0 && Int(Timestamp.now().secondsSinceEpoch) > start
            }
            try link.start("api-2")
            let repaired = try link.state(of: "api-2").pid
            let ended = try await lab.client.revert(second.id)
            #expect(ended.state == .superseded)
            #expect(try link.state(of: "api-2").pid == repaired)
        }
    }

    @Test("A frozen instance runs for its supervisor and stands still until the fault is over")
    func pause() async throws {
        try await self.withPrograms { lab, link in
            let before = try link.state(of: "api-2")
            let request = FaultRequest(target: "api", instance: "api-2", leaseS: 30)
            let record = try await lab.client.inject("api-pause", request)
            #expect(record.achieved == 1)
            #expect(record.marks == [FaultMark(.pause, "api-2")])
            let frozen = try link.state(of: "api-2")
            #expect(frozen.phase == .running && frozen.isPaused)
            #expect(frozen.identity == before.identity)
            #expect(try !link.state(of: "api-1").isPaused)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            let after = try link.state(of: "api-2")
            #expect(after.identity == before.identity && !after.isPaused)
        }
    }

    @Test("Whoever restarts a frozen instance, or lets it go on, has repaired it; the undo keeps its hands off")
    func pauseRepaired() async throws {
        try await self.withPrograms { lab, link in
            let request = FaultRequest(target: "api", instance: "api-2", leaseS: 30)
            let first = try await lab.client.inject("api-pause", request)
            try link.crash("api-2")
            try await eventually("it is down") { try link.state(of: "api-2").phase == .exited }
            try link.start("api-2")
            let repaired = try link.state(of: "api-2").identity
            // Stopped by somebody else, and none of the fault's business: it is another incarnation.
            try link.pause("api-2")
            try await eventually("it stands still again") { try link.state(of: "api-2").isPaused }
            #expect(try await lab.client.revert(first.id).state == .superseded)
            #expect(try link.state(of: "api-2").isPaused)
            try link.resume("api-2")
            try await eventually("it goes on") { try !link.state(of: "api-2").isPaused }
            let second = try await lab.client.inject("api-pause", request)
            try link.resume("api-2")
            try await eventually("it goes on") { try !link.state(of: "api-2").isPaused }
            #expect(try await lab.client.revert(second.id).outcome == ["already-clean": 1])
            #expect(try link.state(of: "api-2").identity == repaired)
        }
    }

    @Test("What is down or held still already cannot be frozen")
    func pauseRefused() async throws {
        try await self.withPrograms { lab, link in
            let request = FaultRequest(target: "api", instance: "api-1", leaseS: 30)
            try link.pause("api-1")
            try await eventually("it stands still") { try link.state(of: "api-1").isPaused }
            await #expect(throws: RemoteError.self) { _ = try await lab.client.inject("api-pause", request) }
            #expect(try link.state(of: "api-1").isPaused)
            try link.resume("api-1")
            try link.stop("api-1")
            await #expect(throws: RemoteError.self) { _ = try await lab.client.inject("api-pause", request) }
            #expect(try await lab.client.faults(open: true).isEmpty)
        }
    }

    @Test("A frozen instance goes on when its holder, or the injector itself, is killed")
    func pauseSurvived() async throws {
        try await self.withPrograms { lab, link in
            let request = FaultRequest(target: "api", instance: "api-2", leaseS: 60)
            let first = try await lab.client.inject("api-pause", request)
            let holder = try #require(try FaultStore(state: lab.state).file(first.id)?.holder)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the server lets it go on") { try !link.state(of: "api-2").isPaused }
            _ = try await lab.client.inject("api-pause", request)
            #expect(try link.state(of: "api-2").isPaused)
            try await lab.serverProcess.handle.signal(SIGKILL)
            try await eventually("the guard lets it go on") { try !link.state(of: "api-2").isPaused }
        }
    }

    @Test("Where nobody can tell what instances send, no way can be closed, and the refusal says where it could")
    func linkRefused() async throws {
        try await self.withPrograms { lab, _ in
            let request = FaultRequest(target: "api", with: ["to": "payments"], leaseS: 30)
            await #expect {
                _ = try await lab.client.inject("net-block", request)
            } throws: {
                let error = $0 as? RemoteError
                return error?.code == "unsupported" && error?.hint?.contains("--runtime compose") == true
            }
            for other in ["", "worker", "nobody"] {
                let request = FaultRequest(target: "api", with: ["to": .string(other)], leaseS: 30)
                await #expect {
                    _ = try await lab.client.inject("net-block", request)
                } throws: {
                    ($0 as? RemoteError)?.code == "bad_parameter"
                }
            }
            let open = try await lab.client.faults(open: true)
            #expect(open.isEmpty)
        }
    }

    @Test("An upstream stays away although somebody starts it, until the fault is over")
    func upstream() async throws {
        try await self.withPrograms { lab, link in
            let record = try await lab.client.inject("upstream-down", FaultRequest(target: "payments", leaseS: 30))
            #expect(try link.state(of: "payments-a").phase == .stopped)
            try link.start("payments-a")
            try await eventually("it is down again", within: .seconds(5)) {
                try link.state(of: "payments-a").phase == .stopped
            }
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try link.state(of: "payments-a").phase == .running)
        }
    }
}
