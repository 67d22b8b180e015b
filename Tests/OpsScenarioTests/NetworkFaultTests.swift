import Testing

@testable import OpsScenario

@Suite struct NetworkFaultTests {
    @Test func aScenarioChangesTheNetworkWhenOneOfItsFaultsDoes() throws {
        #expect(try !Scenario.parse(ScenarioText().yaml).changesNetwork)
        let text = ScenarioText(
            draw: "onset: 3s..8s",
            fault: "fault: net-block, target: caller, with: {to: database}",
            expect: "end: repaired, cause: {component: database, mechanism: link-blocked}"
        )
        #expect(try Scenario.parse(text.yaml).changesNetwork)
        #expect(try !Scenario.parse(text.yaml).needsProxy)
    }

    @Test(arguments: ["net-delay", "net-narrow", "net-reset"])
    func aScenarioNeedsAProxyWhenOneOfItsFaultsDoes(_ fault: String) throws {
        let text = ScenarioText(
            draw: "onset: 3s..8s",
            fault: "fault: \(fault), target: caller, with: {to: database}",
            expect: "end: repaired, cause: {component: database, mechanism: link-degraded}"
        )
        let scenario = try Scenario.parse(text.yaml)
        #expect(scenario.needsProxy && scenario.changesNetwork)
    }
}
