import OpsModel
import Testing

@testable import Observer

/// What those who compare answers with conditions rely on.
@Suite("Shape of answers")
struct ReadShapeTests {
    private func world() -> World {
        var world = World()
        let now = Fixture.now
        let names = [
            "shop_pool_in_use", "shop_pool_waiting", "shop_pool_max", "shop_workers_busy", "shop_workers_max",
            "shop_queue_depth", "shop_schema_version",
        ]
        for instance in ["api-1", "api-2", "worker"] {
            Fixture.scrape(
                &world,
                instance,
                before: [Fixture.metric("shop_cache_lookups_total", ["result": "hit"], 1)],
                names.map { Fixture.metric($0, [:], 3) } + [
                    Fixture.metric("shop_cache_lookups_total", ["result": "hit"], 9),
                    Fixture.metric("shop_calls_total", ["from": "api", "to": "db", "code": "ok"], 9),
                    Fixture.metric("shop_call_attempts_total", ["from": "api", "to": "db"], 9),
                ]
            )
            for step in [-2.0, -1] {
                var fact = ProcessFact(state: "running", pid: 7, startedAt: now + -60)
                fact.cpuSeconds = 60 + step
                world.processes[instance, default: ProcessHistory()].append(Sampled(value: fact, at: now + step))
            }
            let path = ProbePath(target: "db", part: nil, from: instance)
            world.note(Sampled(value: ProbeOutcome(result: "ok", latencyMs: 3), at: now + -0.5), at: path)
        }
        world.postgres.objects.observe(objects: [:], rows: ["orders": 4], at: now, isCalm: true)
        return world
    }

    @Test("rows carry their own number as `value`, and no member that would hide the answer's")
    func rows() {
        let world = world()
        for name in ReadName.allCases where name != .logCode {
            let word = name.rawValue.split(separator: ".").last.map(String.init) ?? ""
            for component in [nil] + Fixture.map.components.map(\.name) {
                for row in Fixture.answer(world, name.rawValue, component).rows {
                    #expect(row[word] == nil, "\(name.rawValue) of \(component ?? "all"): \(row)")
                }
            }
        }
        #expect(Fixture.answer(world, "pool.waiting", "api").rows.allSatisfy { $0["value"] == 3 })
        #expect(Fixture.answer(world, "process.state", "api").rows.allSatisfy { $0["value"] == "running" })
        #expect(Fixture.answer(world, "probe.result", "db").rows.allSatisfy { $0["value"] == "ok" })
    }

    @Test("whoever has no log is spoken of in the logs of its callers, by its own kind of code")
    func codesOfTheSilent() {
        var world = World()
        let start = Fixture.now + -60
        for second in 0..<60 { world.logs.settle(now: start + Double(second), lastTrouble: nil) }
        let denied = LogRecord(level: "error", message: "no login", codes: ["sqlstate": "28P01"])
        let absent = LogRecord(level: "error", message: "no file", codes: ["errno": "2"])
        for record in [denied, denied, absent] {
            world.logs.observe(record, component: "api", instance: "api-1", at: Fixture.now + -1)
        }
        world.logs.settle(now: Fixture.now, lastTrouble: Fixture.now)
        let database = Fixture.answer(world, "log.code", "db")
        #expect(database.value == 2)
        #expect(database.fields["top"] == "28P01")
        #expect(database.rows.map { $0["code"] } == ["28P01"])
        #expect(Fixture.answer(world, "log.code", "cache").fields["top"] == "2")
        #expect(Fixture.answer(world, "log.new_templates", "db").status == .unsupported)
    }
}
