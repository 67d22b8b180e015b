import OpsModel
import OpsSystem
import Testing

@testable import OpsRuntime

@Suite struct ContainerStateTests {
    private func state(_ status: String, pid: Int = 4_117, paused: Bool = false) -> ProgramState? {
        ProgramState(
            container: [
                "State": [
                    "Status": .string(status), "Pid": .int(pid), "Paused": .bool(paused), "ExitCode": 137,
                    "StartedAt": "2026-11-22T03:30:01.123456789Z", "FinishedAt": "0001-01-01T00:00:00Z",
                ]
            ],
            name: "web"
        )
    }

    @Test func theEnginesWordsAreThoseOfASupervisor() {
        let words = ["created", "running", "paused", "restarting", "removing", "exited", "dead", "melted"]
        let phases: [ProgramState.Phase] = [
            .stopped, .running, .running, .backoff, .stopping, .exited, .exited, .unknown,
        ]
        #expect(words.map { state($0)?.phase } == phases)
        #expect(state("paused", paused: true)?.isPaused == true)
        #expect(state("running")?.isPaused == false)
    }

    @Test func twoStartsAreTwoIncarnations() throws {
        let running = try #require(state("running"))
        #expect(running.started == 1_795_318_201)
        #expect(running.ended == nil)
        #expect(running.identity == state("running")?.identity)
        #expect(running.identity != state("running", pid: 4_118)?.identity)
        #expect(running.identity?.startTicks == 1_795_318_201_123_456)
        #expect(state("exited", pid: 0)?.identity == nil)
    }

    @Test func whatMakesNoSenseIsNoState() {
        #expect(ProgramState(container: nil, name: "web") == nil)
        #expect(ProgramState(container: ["State": "fine"], name: "web") == nil)
        #expect(ProgramState(container: ["message": "no"], name: "web") == nil)
    }
}
