import OpsModel
import OpsSpec
import OpsYAML
import Testing

@Suite struct TopologyTests {
    @Test func readsTheShop() throws {
        let shop = try Topology.load("compose/topology.yaml")
        #expect(shop.journeys.map(\.name) == ["browse", "checkout", "fulfil"])
        #expect(shop.journey("checkout")?.good.status == [201, 402])
        #expect(shop.journey("checkout")?.good.within == .milliseconds(800))
        #expect(shop.journey("browse")?.good.body.first?.relation == .above)
        #expect(shop.component("api")?.instanceNames == ["api-1", "api-2"])
        #expect(shop.component("api")?.memoryLimit == 128 << 20)
        #expect(shop.component("payments")?.providers.map(\.name) == ["primary", "fallback"])
        #expect(shop.callers(of: "db").map(\.name) == ["api", "worker", "report"])
        #expect(shop.entry?.name == "web")
        #expect(shop.configSource("shop.env")?.settable.first { $0.key == "DB_POOL" }?.envelope.contains("32") == true)
        #expect(shop.configSource("shop.env")?.settable.first { $0.key == "DB_POOL" }?.envelope.contains("33") == false)
        #expect(shop.component("api")?.hosts == "shop.hosts" && shop.component("web")?.hosts == nil)
        #expect(shop.configSource("shop.hosts")?.reload == "live")
        #expect(shop.limits.actionsPerIncident == 4)
        #expect(shop.chaos.longest == .seconds(600))
        #expect(shop.chaos.caps == ["net-loss": ["share": 80]])
    }

    @Test func theAgentSeesNoAddress() throws {
        let view = try Topology.load("compose/topology.yaml").agentView
        #expect(view.components.first { $0.name == "api" }?.needs == ["db", "cache", "payments"])
        #expect(view.components.first { $0.name == "cache" }?.kind == "directory")
        #expect(view.journeys.first?.entry == "web")
    }

    /// Each problem with its place, all of them in one go.
    @Test func findsEverythingAtOnce() {
        let text = """
            topology: 2
            system: x
            journeys:
              buy: {request: POST, good: {status: [200], within: soon}, objective: 99, traffic: 90%}
            components:
              web: {kind: htpp}
              api: {kind: http, needs: [dbb], instances: 99, pausable: true, colour: red}
              db: {kind: postgres, database: d, admin: hunter2, needs: [api]}
              Bad Name: {kind: external, url: http://x}
            probes:
              db: {sql: "select 1", from: [observer]}
            alerts: [api down]
            config: {a.env: {settable: {N: many}}}
            """
        do {
            _ = try Topology.parse(text, file: "t.yaml")
            Issue.record("accepted")
        } catch {
            let found = error.problems.map { "\($0.line): \($0.message)" }
            #expect(
                found == [
                    "1: only version 1 of the topology is known",
                    "4: the journeys' traffic must add up to 100%, here it is 90.0%",
                    "4: 'request' of journey buy is a method and a path: GET /products",
                    "4: 'within' of 'good' of journey buy is a duration such as 500ms, 30s or 2m",
                    "4: 'objective' of journey buy is a share such as 99.5%",
                    "6: component web has the unknown kind 'htpp'",
                    "7: component api names 'dbb', which is no component",
                    "7: 'instances' of component api must be a whole number from 1 to 16",
                    "7: only a batch component can be pausable",
                    "7: component api has no 'colour'",
                    "8: 'admin' names a secret, never a password: secret:NAME",
                    "9: a component cannot be called 'Bad Name'",
                    "11: probe db needs two vantage points",
                    "12: a topology has no 'alerts': a component never pages",
                    "13: 'N' may take a range such as 4..32 or 500ms..10s, or a list of values",
                ]
            )
            #expect(error.problems.first { $0.line == 6 }?.hint == "did you mean 'http'?")
        }
    }

    @Test func refusesCircles() {
        let text = """
            topology: 1
            system: x
            journeys: {buy: {request: GET /, good: {status: [200], within: 1s}, objective: 99%, traffic: 100%}}
            components:
              a: {kind: http, needs: [b]}
              b: {kind: http, needs: [a]}
            """
        let error = #expect(throws: SpecProblems.self) { try Topology.parse(text) }
        #expect(error?.problems.map(\.message) == ["components need each other in a circle: a -> b -> a"])
    }

    @Test func namesAreLookedUpInAFileThatIsDescribed() {
        let text = """
            topology: 1
            system: x
            journeys: {buy: {request: GET /, good: {status: [200], within: 1s}, objective: 99%, traffic: 100%}}
            components:
              a: {kind: http, hosts: a.hosts}
              b: {kind: postgres, database: d, hosts: a.hosts}
            """
        let error = #expect(throws: SpecProblems.self) { try Topology.parse(text) }
        #expect(
            error?.problems.map(\.message) == [
                "component a looks names up in 'a.hosts', which 'config' does not describe",
                "component b has no 'hosts'",
            ]
        )
    }

    @Test func readsBindings() throws {
        let error = #expect(throws: SpecProblems.self) { try Bindings.load("/nonexistent/bindings.json") }
        #expect(error?.code == .unreadable)
    }
}
