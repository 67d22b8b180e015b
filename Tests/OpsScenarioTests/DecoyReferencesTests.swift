import OpsScenario
import OpsYAML
import Testing

@Suite struct DecoyReferencesTests {
    @Test func knowsItsDecoys() {
        expectProblem("no such decoy: trafic-spike", line: 8, hint: "traffic-spike") { $0.decoy = "trafic-spike" }
        for kind in DecoyKind.allCases {
            #expect(ScenarioText.problems { $0.decoy = kind.rawValue }.isEmpty, "\(kind)")
        }
    }

    @Test func knowsDrawnDecoys() {
        let problems = ScenarioText.problems {
            $0.draw += ", decoy: [none, slow-bath, noise]"
            $0.decoy = "$decoy"
        }
        #expect(
            problems.map(\.message) == ["no such decoy: slow-bath", "no such decoy: noise"]
        )
        #expect(problems.allSatisfy { $0.line == 6 && $0.hint != nil })
    }
}
