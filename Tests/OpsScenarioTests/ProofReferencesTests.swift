import OpsYAML
import Testing

@Suite struct ProofReferencesTests {
    @Test(arguments: [
        ("restart-service: nobody", "'nobody' is no role of this scenario"),
        ("clear-cache: 2", "'2' is no role of this scenario"),
        ("restart-service: api-0", "'api-0' is no role of this scenario"),
        ("restart-service: 0", "an instance has a number from 1 on, here it is 0"),
        ("restart-db: $mode", "'row' is no role of this scenario"),
        ("terminate-sessions: database", "terminate-sessions takes no 'database' here"),
    ])
    func knowsWhatAProofActsOn(step: String, message: String) {
        let problems = ScenarioText.problems { $0.proof = "{do: [{\(step)}], verdict: passed}" }
        #expect(problems.first?.message == message)
        #expect(problems.allSatisfy { $0.line == 13 && $0.hint != nil })
    }

    @Test(arguments: [
        "restart-service: caller", "restart-service: $n", "restart-api: 2", "restart-service: api-2",
        "terminate-sessions: all",
        "switch-to-fallback: fallback", "set-flag: banner", "regenerate-env: database",
    ])
    func takesWhatAProofCanDo(step: String) {
        #expect(ScenarioText.problems { $0.proof = "{do: [{\(step)}], verdict: passed}" }.isEmpty)
    }

    @Test func aWrongDiagnosisIsAboutARole() {
        expectProblem("'nobody' is no role of this scenario", line: 13, hint: "cache, caller, database") {
            $0.proof = "{do: [], say: {component: nobody, mechanism: none}, verdict: passed}"
        }
        let link = { (ends: String) in
            ScenarioText.problems {
                $0.proof = "{do: [], say: {component: \(ends), mechanism: link-blocked}, verdict: not-mitigated}"
            }
        }
        #expect(link("caller->nobody").contains { "\($0)".contains("'nobody' is no role") })
        #expect(!link("caller->database").contains { "\($0)".contains("is no role") })
    }
}
