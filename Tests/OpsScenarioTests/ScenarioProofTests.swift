import OpsScenario
import OpsSpec
import OpsYAML
import Testing

@Suite struct ScenarioProofTests {
    private func parse(_ proof: String) throws -> Scenario {
        try Scenario.parse(
            """
            scenario: 1
            id: both-away
            about: Neither provider answers.
            family: checkout-burns
            needs: {provider: provider}
            inject:
              - {at: 5s, fault: upstream-down, target: provider, instance: primary, lease: 180s}
              - {at: 5s, fault: upstream-down, target: provider, instance: fallback, lease: 180s}
            expect: {end: escalated, cause: {component: provider, mechanism: dependency-unavailable}}
            judge: {budget: 60s, window: 15s}
            proof:
              - {do: [], verdict: not-mitigated}
              \(proof)
            """
        )
    }

    @Test func aHandOverCanBeProven() throws {
        let scenario = try parse("- {do: [{escalate: both providers are away}], verdict: passed-escalated}")
        let step = try #require(scenario.proof.last?.actions.first)
        #expect(step.isHandOver)
        #expect(step.argument == "both providers are away")
        #expect(scenario.injections.map(\.instance) == ["primary", "fallback"])
    }

    @Test func nothingComesAfterAHandOver() {
        let error = #expect(throws: SpecProblems.self) {
            try parse("- {do: [{escalate: enough}, {clear-cache: cache}], verdict: passed-escalated}")
        }
        #expect(error?.problems.contains { $0.message.contains("nothing comes after") } == true)
    }
}
