import OpsYAML
import Testing

@testable import OpsScenario

@Suite struct RuntimeTests {
    @Test func aFileThatNamesNoneRunsInBoth() throws {
        let scenario = try Scenario.parse(ScenarioText().yaml)
        #expect(scenario.runtime == nil && scenario.canRun(in: "local") && scenario.canRun(in: "compose"))
    }

    @Test func aFileThatNamesOneRunsThereOnly() throws {
        let scenario = try Scenario.parse(ScenarioText(runtime: "compose").yaml)
        #expect(scenario.canRun(in: "compose") && !scenario.canRun(in: "local"))
    }

    @Test func anotherWordIsRefused() {
        expectProblem("no lab runs as 'cluster'", line: 5, hint: "local, compose") { $0.runtime = "cluster" }
    }
}
