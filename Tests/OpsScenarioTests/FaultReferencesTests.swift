import OpsYAML
import Testing

@Suite struct FaultReferencesTests {
    @Test func knowsItsFaults() {
        expectProblem("no such fault: db-lok", line: 7, hint: "did you mean 'db-lock'?") {
            $0.fault = "fault: db-lok, target: database"
        }
        expectProblem("no such fault: gremlins", line: 7, hint: "api-crash, api-pause, api-slow") {
            $0.fault = "fault: gremlins, target: database"
        }
    }

    @Test func knowsTheirParametersAndTargets() {
        expectProblem("db-lock has no parameter 'colour'", line: 7, hint: "as, hot, mode, table") {
            $0.fault = "fault: db-lock, target: database, with: {colour: red}"
        }
        expectProblem("api-crash has no parameter 'mode'", line: 7, hint: "no parameters") {
            $0.fault = "fault: api-crash, target: caller, with: {mode: $mode}"
        }
        expectProblem("db-lock cannot break caller, which is of kind http", line: 7, hint: "postgres") {
            $0.fault = "fault: db-lock, target: caller"
        }
    }

    @Test func parametersAreAMapping() {
        let problems = ScenarioText.problems { $0.fault = "fault: db-lock, target: database, with: [row]" }
        #expect(problems.map(\.message) == ["'with' of an injection must be a mapping, here it is a list"])
    }
}
