import OpsRuntime
import Testing

@testable import ControlPlane

@Suite("What a supervisor's log says of programs")
struct ProgramHistoryTests {
    private static let log = """
        2026-01-02 03:04:05,111 INFO spawned: 'api-1' with pid 27730
        2026-01-02 03:04:05,112 INFO success: api-1 entered RUNNING state, process has stayed up for > than 0 seconds (startsecs)
        2026-01-02 03:04:06,000 WARN exited: api-1 (terminated by SIGKILL; not expected)
        2026-01-02 03:04:06,100 INFO waiting for web to stop
        2026-01-02 03:04:06,200 WARN stopped: web (terminated by SIGTERM)
        2026-01-02 03:04:06,300 INFO spawned: 'web' with pid 27731
        2026-01-02 03:04:06,400 INFO exited: report (exit status 0; expected)
        2026-01-02 03:04:07,000 INFO spawned: 'web' with pid 27732

        torn
        """

    @Test("starts, unexpected ends, and starts that did not last")
    func counts() {
        let history = ProgramHistory(log: Self.log)
        #expect(history.started == ["api-1", "web"])
        #expect(history.starts(of: "api-1") == 1)
        #expect(history.failures(of: "api-1") == 1)
        #expect(history.failedStarts(of: "api-1") == 1)
        #expect(history.starts(of: "web") == 2)
        #expect(history.failures(of: "web") == 0)
        #expect(history.failures(of: "report") == 0)
        #expect(history.starts(of: "report") == 0)
    }

    @Test("an end before the first start is no failed start")
    func endFirst() {
        let history = ProgramHistory(
            log: """
                2026-01-02 03:04:06,000 WARN exited: db (terminated by SIGKILL; not expected)
                2026-01-02 03:04:06,300 INFO spawned: 'db' with pid 1
                2026-01-02 03:04:06,400 WARN exited: db (exit status 1; not expected)
                2026-01-02 03:04:06,500 INFO spawned: 'db' with pid 2
                """
        )
        #expect(history.failures(of: "db") == 2)
        #expect(history.failedStarts(of: "db") == 1)
    }

    @Test("an engine's events tell an end that was asked for from one that was not")
    func events() {
        func event(_ action: String, _ program: String) -> ContainerEvent {
            ContainerEvent(action: action, program: program)
        }
        let history = ProgramHistory(events: [
            event("die", "worker"), event("start", "worker"), event("kill", "web"), event("kill", "web"),
            event("die", "web"), event("start", "web"), event("die", "web"), event("pause", "web"),
            event("pause", "api"), event("unpause", "api"),
        ])
        #expect(history.paused == ["web", "api"])
        #expect([history.pauses(of: "web"), history.resumes(of: "web")] == [1, 0])
        #expect([history.pauses(of: "api"), history.resumes(of: "api")] == [1, 1])
        #expect(history.started == ["worker", "web"])
        #expect(history.failures(of: "worker") == 1)
        #expect(history.starts(of: "worker") == 1)
        #expect(history.failures(of: "web") == 1)
        #expect(history.failedStarts(of: "web") == 1)
    }
}
