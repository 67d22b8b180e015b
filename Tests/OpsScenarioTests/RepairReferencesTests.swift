import OpsYAML
import Testing

@Suite struct RepairReferencesTests {
    @Test func knowsTheParametersOfRepairs() {
        expectProblem("terminate-sessions has no parameter 'wich'", line: 9, hint: "which") {
            $0.repair = "[{action: terminate-sessions, wich: blocker}]"
        }
        expectProblem("'somebody' is no role of this scenario", line: 9, hint: "cache, caller, database") {
            $0.repair = "[{action: clear-cache, component: somebody}]"
        }
        expectProblem("an instance has a number from 1 on, here it is 0", line: 9, hint: "such as 2") {
            $0.repair = "[{action: restart-service, component: caller, instance: 0}]"
        }
        expectProblem("an instance has a number from 1 on, here it is 0", line: 9, hint: "such as 2") {
            $0.draw += ", zero: 0..1"
            $0.repair = "[{action: restart-service, component: caller, instance: $zero}]"
        }
    }

    @Test func everyRepairDoesSomething() {
        expectProblem("a repair has at least one step", line: 9, hint: "action") { $0.repair = "[]" }
    }

    @Test(arguments: [
        "[{action: restart-service, component: caller, instance: $n}]",
        "[{action: restart-service, component: caller, instance: all}]", "[{action: restart-api, instance: 2}]",
        "{action: clear-cache}", "[{action: set-config, component: caller, key: DB_POOL, value: 10}]",
        "[{action: switch-to-fallback, to: fallback}], [{action: clear-cache}, {action: restart-db}]",
    ])
    func takesWhatCanBeDone(repair: String) { #expect(ScenarioText.problems { $0.repair = repair }.isEmpty) }

    @Test func knowsWhatIsNeedless() {
        expectProblem("no such action: restart-servce", line: 9, hint: "restart-service") {
            $0.needless = "[clear-cache, restart-servce]"
        }
    }
}
