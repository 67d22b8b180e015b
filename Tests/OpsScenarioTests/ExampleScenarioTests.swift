import OpsScenario
import OpsYAML
import Testing

@Suite struct ExampleScenarioTests {
    @Test func theFirstExampleIsValid() throws {
        let scenario = try Scenario.parse(exampleScenario)
        #expect(scenario.id == "report-forgets-its-transaction")
        #expect(scenario.proof.count == 6)
    }

    @Test func everyProblemIsToldAtOnce() {
        let problems = ScenarioText.problems {
            $0.fault = "fault: gremlins, target: database"
            $0.decoy = "noise"
            $0.repair = "[], [{action: clear-cache, colour: red, component: nobody}]"
            $0.needless = "[dance]"
            $0.proof = "{do: [{restart-db: nobody}], say: {component: nobody, mechanism: none}, verdict: passed}"
        }
        #expect(problems.count == 8, "\(problems)")
    }
}
