import OpsScenario
import OpsSpec
import OpsYAML
import Testing

@Suite struct ScenarioEndTests {
    @Test func aHandOverNeedsAFault() throws {
        let text = """
            scenario: 1
            id: small
            about: x
            family: f
            needs: {database: postgres}
            expect: {end: escalated, cause: {component: database, mechanism: data-lost}}
            judge: {budget: 90s, window: 15s}
            proof:
              - {do: [], verdict: passed-escalated}
            """
        let problems = try #require(throws: SpecProblems.self) { try Scenario.parse(text) }.problems
        #expect(
            problems.map(\.message) == [
                "an end 'escalated' needs a fault that stays and the cause that has to be named"
            ]
        )
    }
}
