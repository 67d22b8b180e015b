import OpsModel
import Testing

@testable import OpsRuntime

@Suite struct ContainerHealthTests {
    @Test func theLastComplaintIsTold() {
        let log: JSONValue = [
            ["ExitCode": 7, "Output": "old"], ["ExitCode": 22, "Output": "curl: (22) 503\nmore"],
            ["ExitCode": 0, "Output": "fine"],
        ]
        let health = ContainerHealth(["Status": "unhealthy", "Log": log])
        #expect(health?.status == .unhealthy && health?.complaint == "curl: (22) 503")
        #expect(ContainerHealth(["Status": "healthy", "Log": .null])?.complaint == "")
    }

    @Test func whereNobodyChecksThereIsNone() {
        #expect(ContainerHealth(nil) == nil)
        #expect(ContainerHealth(["Status": "none"]) == nil)
        let state = ProgramState(container: ["State": ["Status": "running", "Pid": 1]], name: "web")
        #expect(state != nil && state?.health == nil)
        let checked: JSONValue = ["State": ["Status": "running", "Pid": 1, "Health": ["Status": "starting"]]]
        #expect(ProgramState(container: checked, name: "web")?.health?.status == .starting)
    }
}
