import OpsModel
import OpsScenario
import OpsSpec
import Testing

@testable import ControlPlane

@Suite struct BaselineTests {
    private var catalogue: [ActionDescription] {
        [
            .catalogued("clear-cache", ["component": ["cache"]]),
            .catalogued(
                "restart-service",
                ["component": ["web", "api"], "instance": ["web"]],
                required: ["component"]
            ),
            .catalogued("restart-api", ["instance": ["api-1"]]), .catalogued("restart-db", ["component": ["db"]]),
            .catalogued("terminate-sessions", ["which": ["blocker", "owner"], "owner": []], required: ["which"]),
            .catalogued("quarantine-job", ["id": []], required: ["id"]),
        ]
    }

    private let view = AgentView(
        system: "shop",
        journeys: [],
        components: [
            ViewedComponent(name: "web", kind: "http", needs: ["api"]),
            ViewedComponent(name: "api", kind: "http", needs: ["db", "cache", "web"]),
            ViewedComponent(name: "db", kind: "postgres"), ViewedComponent(name: "cache", kind: "directory"),
        ],
        actionsPerIncident: 4
    )

    private func words(_ option: ProposedOption?) -> [String] {
        (option?.steps ?? []).map { step in
            ([step.action] + step.parameters.sorted { $0.key < $1.key }.map { $0.value.stringValue ?? "?" })
                .joined(separator: " ")
        }
    }

    @Test func restartsWhatOthersNeedFirst() {
        let all = ["restart-db db", "restart-service api", "restart-service web"]
        #expect(words(RestartAll.option(view, catalogue, at: 4)) == all)
        #expect(words(RestartAll.option(view, catalogue, at: 2)) == Array(all.prefix(2)))
        #expect(RestartAll.option(view, [], at: 4) == nil)
    }

    @Test func sprayTriesEverythingThatCanBeFilledIn() {
        #expect(
            Spray.options(catalogue).flatMap(words) == [
                "clear-cache", "restart-service web", "restart-service api", "restart-db",
                "terminate-sessions blocker", "terminate-sessions owner",
            ]
        )
    }

    @Test func lookupLearnsOneAnswerForEachPage() throws {
        let topology = try Topology.load("compose/topology.yaml")
        func scenario(_ page: String, _ mechanism: String, _ repair: String) throws -> Scenario {
            try Scenario.parse(
                """
                scenario: 1
                id: s
                about: x
                family: f
                needs: {database: postgres, caller: http}
                draw: {instance: [2]}
                inject: [{at: 1s, lease: 180s, fault: db-lock, target: database}]
                expect: {page: {journey: \(page)}, end: repaired, cause: {component: caller, mechanism: \(mechanism)},
                  repairs: [[\(repair)]]}
                judge: {budget: 90s, window: 15s}
                proof:
                  - {do: [], verdict: not-mitigated}
                  - {do: [{restart-service: caller}], verdict: passed}
                """
            )
        }
        let restart = "{action: restart-service, component: caller, instance: $instance}"
        let lookup = AlertLookup(
            learningFrom: [
                try scenario("checkout", "process-down", restart), try scenario("checkout", "process-down", restart),
                try scenario("checkout", "config-wrong", "{action: regenerate-env}"),
                try scenario("browse", "config-wrong", "{action: regenerate-env}"),
            ],
            on: topology
        )
        let checkout = try #require(lookup.answers["checkout"])
        let component = checkout.cause.component
        #expect(checkout.cause.mechanism == "process-down")
        #expect(checkout.steps.map(\.action) == ["restart-service"])
        #expect(
            checkout.steps.first?.parameters == [
                "component": .string(component), "instance": .string("\(component)-2"),
            ]
        )
        #expect(lookup.answers["browse"]?.steps.map(\.action) == ["regenerate-env"])
        #expect(lookup.answers["fulfil"] == nil)
    }

    @Test func everyNameIsAnAgentOfThatName() throws {
        let topology = try Topology.load("compose/topology.yaml")
        for name in Baselines.names {
            #expect(Baselines.agent(named: name, publicSet: [], topology: topology)?.name == name)
        }
        #expect(Baselines.agent(named: "builtin", publicSet: [], topology: topology) == nil)
    }
}
