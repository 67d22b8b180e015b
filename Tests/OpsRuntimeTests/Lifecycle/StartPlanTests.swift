import Testing

@testable import OpsRuntime

@Suite("The order of a start")
struct StartPlanTests {
    private func position(_ program: String, in plan: StartPlan) -> Int? {
        plan.tiers.firstIndex { tier in tier.contains { $0.program == program } }
    }

    @Test(
        "nobody starts before whom it needs",
        arguments: [
            ("payments-a", "api-1"), ("api-1", "web"), ("api-2", "web"), ("web", "load"), ("load", "observer"),
            ("observer", "gate"),
            ("action", "gate"), ("gate", "agent"),
        ]
    )
    func order(first: String, second: String) throws {
        let plan = StartPlan(ports: .standard, without: [])
        #expect(try #require(self.position(first, in: plan)) < #require(self.position(second, in: plan)))
    }

    @Test("what is left out is nowhere, and leaves no empty tier")
    func without() {
        let plan = StartPlan(ports: .standard, without: ["gate", "agent"])
        #expect(self.position("gate", in: plan) == nil)
        #expect(plan.tiers.allSatisfy { !$0.isEmpty })
    }

    @Test("in containers the guard is there before the injector")
    func guardFirst() throws {
        let plan = StartPlan(ports: .standard, without: [], runtime: .compose)
        #expect(try #require(self.position("guard", in: plan)) < #require(self.position("chaos", in: plan)))
        let linked = StartPlan(ports: .standard, without: [], runtime: .compose, linked: ["api-1"])
        let link = try #require(self.position("api-1-net", in: linked))
        #expect(try #require(self.position("api-1", in: linked)) < link)
        #expect(try #require(self.position("chaos", in: linked)) > link)
        #expect(self.position("guard", in: StartPlan(ports: .standard, without: [])) == nil)
    }

    @Test("as processes, what closes ways is there when the lab is up, and holds nobody up")
    func linksLast() throws {
        let plan = StartPlan(ports: .standard, without: [], linked: ["api-1"])
        #expect(try #require(self.position("api-1-net", in: plan)) == plan.tiers.count - 1)
    }

    @Test("a proxy is there before those who call by way of it")
    func proxyFirst() throws {
        let plan = StartPlan(ports: .standard, without: [], isProxied: true)
        #expect(try #require(self.position("proxy", in: plan)) == 0)
        #expect(self.position("proxy", in: StartPlan(ports: .standard, without: [])) == nil)
    }

    @Test("customers and agent stop first, databases last")
    func stopping() {
        #expect(StartPlan.stopOrder(["api-1", "db", "load", "web"]) == [["load"], ["api-1", "web"], ["db"]])
        #expect(StartPlan.stopOrder(["agentops-db"]) == [["agentops-db"]])
        #expect(StartPlan.stopOrder([]).isEmpty)
    }
}
