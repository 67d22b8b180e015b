import OpsYAML
import Testing

@Suite struct DecoyReferencesTests {
    @Test func knowsItsDecoys() {
        expectProblem("no such decoy: trafic-spike", line: 8, hint: "traffic-spike") { $0.decoy = "trafic-spike" }
        expectProblem("the decoy cpu-noise is not implemented yet", line: 8, hint: "use one of none, benign-deploy") {
            $0.decoy = "cpu-noise"
        }
        #expect(ScenarioText.problems { $0.decoy = "card-declines" }.isEmpty)
    }

    @Test func knowsDrawnDecoys() {
        let problems = ScenarioText.problems {
            $0.draw += ", decoy: [none, slow-batch, noise]"
            $0.decoy = "$decoy"
        }
        #expect(
            problems.map(\.message) == ["the decoy slow-batch is not implemented yet", "no such decoy: noise"]
        )
        #expect(problems.allSatisfy { $0.line == 6 && $0.hint != nil })
    }
}
