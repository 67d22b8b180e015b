import OpsModel
import OpsScenario
import OpsSpec
import Testing

/// What an agent leaves out counts as what the action does without it.
@Suite struct LeftOutParameterTests {
    /// Whether one action is the only honest repair of a scenario whose database, cache, provider and caller are bound.
    func isRepair(_ repair: String, _ action: String, _ parameters: [String: JSONValue]) throws -> Bool {
        let text = """
            scenario: 1
            id: any
            about: x
            family: f
            needs: {database: postgres, cache: directory, caller: http, provider: provider, culprit: batch}
            inject: [{at: 5s, fault: db-lock, target: database, lease: 180s}]
            expect:
              end: repaired
              cause: {component: database, mechanism: lock-contention}
              repairs: [\(repair)]
            judge: {budget: 90s, window: 15s}
            proof:
              - {do: [], verdict: not-mitigated}
              - {do: [{terminate-sessions: blocker}], verdict: passed}
            """
        let scenario = try Scenario.parse(text)
        let binding = RoleBinding(components: [
            "database": "db", "cache": "cache", "caller": "api", "provider": "payments", "culprit": "report",
        ])
        let judge = Judge(scenario, binding: binding, draw: Draw(values: [:]))
        var facts = RunFacts()
        facts.actions = [RanAction(action: action, parameters: parameters, state: .done)]
        return judge.harm(facts).isEmpty && judge.marked(facts.actions).allSatisfy(\.isNeeded)
    }

    @Test(arguments: [
        ("{action: clear-cache, component: cache}", "clear-cache", [:] as [String: JSONValue]),
        ("{action: restart-db, component: database}", "restart-db", [:]),
        ("{action: regenerate-env, component: database, file: shop.env}", "regenerate-env", [:]),
        (
            "{action: terminate-sessions, component: database, which: blocker}", "terminate-sessions",
            ["which": "blocker"]
        ),
        ("{action: switch-to-fallback, to: fallback}", "switch-to-fallback", ["component": "payments"]),
        ("{action: switch-to-fallback, component: provider, to: fallback}", "switch-to-fallback", [:]),
        ("{action: restart-service, component: caller, instance: 2}", "restart-api", ["instance": "api-2"]),
        ("{action: restart-api, instance: 2}", "restart-service", ["component": "api", "instance": "api-2"]),
        ("{action: restart-service, component: caller, instance: all}", "restart-service", ["component": "api"]),
        ("{action: restart-service, component: caller, instance: all}", "restart-api", [:]),
        ("{action: run-migrations, repair: true}", "run-migrations", ["repair": true]),
    ])
    func countsAsTheDefault(repair: String, action: String, parameters: [String: JSONValue]) throws {
        #expect(try isRepair(repair, action, parameters))
    }

    @Test(
        arguments: [
            ("{action: switch-to-fallback, to: primary}", "switch-to-fallback", ["component": "payments"]),
            ("{action: switch-to-fallback, to: fallback}", "switch-to-fallback", ["to": "primary"]),
            ("{action: restart-service, component: caller, instance: 2}", "restart-service", ["component": "api"]),
            ("{action: restart-service, component: caller, instance: all}", "restart-api", ["instance": "api-1"]),
            ("{action: restart-service, component: culprit}", "restart-api", [:]),
            ("{action: restart-api}", "restart-service", ["component": "report"]),
            (
                "{action: terminate-sessions, component: culprit, which: blocker}", "terminate-sessions",
                ["which": "blocker"]
            ),
            ("{action: terminate-sessions, which: owner, owner: shop}", "terminate-sessions", ["which": "owner"]),
            ("{action: clear-cache, component: provider}", "clear-cache", [:]),
        ] as [(String, String, [String: JSONValue])]
    )
    func neverCountsAsSomethingElse(repair: String, action: String, parameters: [String: JSONValue]) throws {
        #expect(try !isRepair(repair, action, parameters))
    }

    @Test func knowsOnlyParametersOfTheVocabulary() {
        for (action, defaults) in ActionVocabulary.defaults {
            let known = ActionVocabulary.parameters[action] ?? []
            #expect(Set(defaults.keys).isSubset(of: known), "\(action)")
        }
    }
}
