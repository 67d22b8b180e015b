import OpsModel
import Testing

@testable import Observer

@Suite("Where names lead")
struct NameReadTests {
    private func world(_ values: [String: String], active: String = "primary") -> World {
        var world = World()
        var history = ConfigHistory()
        _ = history.observe(.init(hash: "aa", values: values, at: Fixture.now + -1), isCalm: true)
        world.configs["shop.hosts"] = history
        Fixture.scrape(&world, "api-1", [Fixture.metric("shop_payments_active", ["provider": active], 1)])
        return world
    }

    private let right = ["pay-a": "127.0.0.1", "pay-b": "127.0.0.1"]

    @Test("a name leads where the declared system is")
    func declared() {
        let answer = Fixture.answer(self.world(self.right), "dns.answer", "payments")
        #expect(answer.value == "declared" && answer.status == .ok)
        #expect(answer.fields["differs"] == false && answer.rows.count == 2)
    }

    @Test("a name that leads elsewhere is shown with both addresses and with who looks it up")
    func elsewhere() {
        let world = self.world(self.right.merging(["pay-a": "127.0.53.7"]) { $1 })
        for selector in [[], ["callers"], ["api"], ["primary"], ["active"]] {
            let answer = Fixture.answer(world, "dns.answer", "payments", selector)
            #expect(answer.value == "elsewhere", "\(selector)")
            #expect(answer.fields["caller"] == "api" && answer.fields["name"] == "pay-a")
            #expect(answer.fields["address"] == "127.0.53.7" && answer.fields["declared"] == "127.0.0.1")
        }
        #expect(Fixture.answer(world, "dns.answer", "payments", ["fallback"]).value == "declared")
        let instance = ReadEvaluator(map: Fixture.map, world: world, now: Fixture.now)
            .answer(ReadQuery(read: "dns.answer", component: "payments", instance: "fallback"))
        #expect(instance.value == "declared")
        #expect(Fixture.answer(world, "dns.answer", "payments", ["worker"]).status == .unknown)
    }

    @Test("the name of an alternative that is not in use decides nothing")
    func other() {
        let values = self.right.merging(["pay-a": "127.0.53.7"]) { $1 }
        let answer = Fixture.answer(self.world(values, active: "fallback"), "dns.answer", "payments")
        #expect(answer.value == "declared" && answer.fields["name"] == "pay-b")
        #expect(answer.rows.contains { $0["differs"] == true })
    }

    @Test("a name without a line is the system's affair")
    func none() {
        let answer = Fixture.answer(self.world(["pay-b": "127.0.0.1"]), "dns.answer", "payments")
        #expect(answer.value == "none" && answer.fields["differs"] == false)
    }

    @Test("nobody knows what was not read, and nobody is asked who has no names")
    func unknown() {
        #expect(Fixture.answer(World(), "dns.answer", "payments").status == .unknown)
        var world = World()
        world.configs["shop.hosts", default: ConfigHistory()].failure = "Observer's user may not read shop.hosts"
        let answer = Fixture.answer(world, "dns.answer", "payments")
        #expect(answer.status == .unknown && answer.reason == "Observer's user may not read shop.hosts")
        #expect(Fixture.answer(world, "dns.answer", "db").status == .unsupported)
        #expect(Fixture.answer(world, "dns.answer", "nobody").status == .unsupported)
    }

    @Test("where names lead is no setting")
    func configDiff() {
        #expect(Fixture.answer(self.world(self.right), "config.diff", "api").status == .unknown)
    }
}
