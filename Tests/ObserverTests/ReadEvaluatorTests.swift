import OpsModel
import OpsSpec
import Testing

@testable import Observer

@Suite("ReadEvaluator")
struct ReadEvaluatorTests {
    private let now = Fixture.now

    @Test("every read of the vocabulary answers an empty world without an error, and says why it has no value")
    func emptyWorld() {
        for name in ReadName.allCases {
            let answer = Fixture.answer(World(), name.rawValue)
            #expect(answer.status != .ok, "\(name.rawValue)")
            #expect(answer.reason?.isEmpty == false, "\(name.rawValue)")
        }
        #expect(Fixture.answer(World(), "pg.nonsense").status == .unsupported)
        #expect(Fixture.answer(World(), "process.state", "nobody").reason == "the topology has no component nobody")
    }

    @Test("the vocabulary is the one that runbooks are checked against")
    func sameVocabulary() {
        #expect(Set(ReadName.allCases.map(\.rawValue)) == Set(ReadVocabulary.all.map(\.name)))
    }

    @Test("pool reads resolve callers and sum over instances")
    func pools() {
        var world = World()
        for (instance, used, waiting) in [("api-1", 10.0, 3.0), ("api-2", 2, 0), ("worker", 1, 0)] {
            Fixture.scrape(
                &world,
                instance,
                [
                    Fixture.metric("shop_pool_in_use", [:], used), Fixture.metric("shop_pool_waiting", [:], waiting),
                    Fixture.metric("shop_pool_max", [:], instance == "worker" ? 4 : 10),
                ]
            )
        }
        let waiting = Fixture.answer(world, "pool.waiting", "db", ["callers"])
        #expect(waiting.value == 3)
        #expect(waiting.unit == "count")
        #expect(waiting.rows.count == 3)
        #expect(waiting.fields["fullest"] == "api-1")
        #expect(waiting.ageS == 0.2)
        #expect(Fixture.answer(world, "pool.max", "api").value == 20)
        #expect(Fixture.answer(world, "pool.in_use", "api-2").value == 2)
        #expect(Fixture.answer(world, "pool.in_use", "report").status == .unknown)
    }

    @Test("call errors tell callers, codes and rates apart")
    func calls() {
        var world = World()
        let labels = { (code: String) in ["from": "api", "to": "payments", "code": code] }
        Fixture.scrape(
            &world,
            "api-1",
            before: [Fixture.metric("shop_calls_total", labels("200"), 100)],
            [
                Fixture.metric("shop_calls_total", labels("200"), 110),
                Fixture.metric("shop_calls_total", labels("refused"), 30),
                Fixture.metric("shop_calls_total", labels("402"), 2),
                Fixture.metric("shop_call_attempts_total", ["from": "api", "to": "payments"], 84),
            ]
        )
        let errors = Fixture.answer(world, "call.errors", "payments", ["callers"])
        #expect(errors.status == .ok)
        #expect(errors.value.doubleValue == 6.25)  // 30 calls in the 4.8 s between the two pages
        #expect(errors.fields["code"] == "refused")
        #expect(errors.fields["calls"] == 42)
        #expect(Fixture.answer(world, "call.errors", "payments", ["callers", "402"]).fields["errors"] == 2)
        #expect(Fixture.answer(world, "call.attempts", "payments").value.doubleValue == 2)
        #expect(Fixture.answer(world, "call.errors", "db", ["callers"]).status == .unknown)
        #expect(Fixture.answer(world, "call.errors", nil, ["api", "payments"]).fields["from"] == "api")
    }

    @Test("callers say of each alternative what it answers them; the one in use is the one without a name")
    func callersProbes() {
        var map = Fixture.map
        map.probes = [
            MappedProbe(target: "payments", sql: nil, path: "/health", from: ["observer", "api"], timeout: 1)
        ]
        let word = { (target: String, word: String) in
            Fixture.metric("shop_probe_result", ["target": target, "result": word], 1)
        }
        let page = [
            Fixture.metric("shop_payments_active", ["provider": "primary"], 1),
            word("payments", "unauthorised"), word("payments/fallback", "ok"),
        ]
        let tick = Tick(at: Fixture.now + -0.2, number: 0, isStarved: false)
        let probes = CallerProbes(map: map).probes(in: Scrape(page), from: "api-1", at: tick)
        let told = probes.map { "\($0.target) \($0.part ?? "-") \($1.value.result)" }
        #expect(told.sorted() == ["payments fallback ok", "payments primary unauthorised"])
        var world = World()
        for (path, outcome) in probes { world.note(outcome, at: path) }
        Fixture.scrape(&world, "api-1", page)
        #expect(Fixture.answer(world, "probe.result", "payments", ["callers"]).value == "unauthorised")
        #expect(Fixture.answer(world, "probe.result", "payments", ["callers", "fallback"]).value == "ok")
    }

    @Test("a probe answers by vantage point, and only the provider in use decides")
    func probes() {
        var world = World()
        let put = { (world: inout World, target: String, part: String?, from: String, word: String) in
            let path = ProbePath(target: target, part: part, from: from)
            world.note(Sampled(value: ProbeOutcome(result: word, latencyMs: 4), at: Fixture.now + -0.3), at: path)
        }
        put(&world, "payments", "primary", "observer", "refused")
        put(&world, "payments", "fallback", "observer", "ok")
        put(&world, "payments", "primary", "api-1", "refused")
        put(&world, "db", nil, "observer", "ok")
        put(&world, "db", nil, "api-1", "timeout")
        Fixture.scrape(&world, "api-1", [Fixture.metric("shop_payments_active", ["provider": "primary"], 1)])
        let payments = Fixture.answer(world, "probe.result", "payments")
        #expect(payments.value == "refused")
        #expect(payments.fields["agree"] == true)
        #expect(payments.rows.count == 3)
        #expect(Fixture.answer(world, "probe.result", "payments", ["fallback"]).value == "ok")
        let db = Fixture.answer(world, "probe.result", "db")
        #expect(db.fields["observer"] == "ok")
        #expect(db.fields["callers"] == "timeout")
        #expect(db.fields["agree"] == false)
        #expect(Fixture.answer(world, "probe.result", "db", ["observer"]).value == "ok")
        #expect(Fixture.answer(world, "probe.result", "db", ["api"]).value == "timeout")
        #expect(Fixture.answer(world, "probe.result", "cache").status == .unsupported)
    }

    @Test("beside the slowest instance stands what the others took at worst, lucky as they may be now")
    func peers() {
        var world = World()
        let put = { (world: inout World, from: String, milliseconds: Double, ago: Double) in
            let outcome = ProbeOutcome(result: "ok", latencyMs: milliseconds)
            world.note(
                Sampled(value: outcome, at: Fixture.now + -ago),
                at: ProbePath(target: "db", part: nil, from: from)
            )
        }
        put(&world, "api-2", 900, 14)  // too long ago to count
        put(&world, "api-2", 5, 3)
        put(&world, "api-1", 850, 0.3)
        let peers = { (world: World) in Fixture.answer(world, "probe.latency", "db").fields["peers_s"]?.doubleValue }
        #expect(Fixture.answer(world, "probe.latency", "db").value.doubleValue == 850)
        put(&world, "api-2", 6, 2)
        #expect(peers(world) == 0.006)
        put(&world, "api-2", 210, 1)
        put(&world, "api-2", 4, 0.2)
        #expect(peers(world) == 0.21)
    }

    @Test("what another instance took to an alternative that is not in use counts as well")
    func peersOfAlternatives() {
        var world = World()
        Fixture.scrape(&world, "api-1", [Fixture.metric("shop_payments_active", ["provider": "primary"], 1)])
        for (part, from, milliseconds) in [
            ("primary", "api-1", 217.0), ("primary", "api-2", 3), ("fallback", "api-1", 40), ("fallback", "api-2", 230),
        ] {
            let outcome = ProbeOutcome(result: "ok", latencyMs: milliseconds)
            let path = ProbePath(target: "payments", part: part, from: from)
            world.note(Sampled(value: outcome, at: Fixture.now + -0.3), at: path)
        }
        let answer = Fixture.answer(world, "probe.latency", "payments")
        #expect(answer.value.doubleValue == 217)
        #expect(answer.fields["peers_s"]?.doubleValue == 0.23)
    }

    @Test("old samples are no answer")
    func stale() {
        var world = World()
        let path = ProbePath(target: "db", part: nil, from: "observer")
        world.note(Sampled(value: ProbeOutcome(result: "ok"), at: now + -30), at: path)
        let answer = Fixture.answer(world, "probe.result", "db")
        #expect(answer.status == .unknown)
        #expect(answer.ageS == 30)
    }

    @Test("process reads name the instance that is not as it should be")
    func processes() {
        var world = World()
        for (name, state, seconds) in [("api-1", "running", 100.0), ("api-2", "absent", 0)] {
            for step in [-2.0, -0.2] {
                var fact = ProcessFact(state: state)
                if state == "running" {
                    fact.pid = 77
                    fact.startedAt = now + -seconds
                    fact.cpuSeconds = 10 + step
                }
                world.processes[name, default: ProcessHistory()].append(Sampled(value: fact, at: now + step))
            }
        }
        let state = Fixture.answer(world, "process.state", "api")
        #expect(state.value == "absent")
        #expect(state.fields["instance"] == "api-2")
        #expect(state.fields["running"] == 1)
        #expect(Fixture.answer(world, "process.state", "api", ["api-1"]).value == "running")
        #expect(Fixture.answer(world, "process.started", "api").value.doubleValue == 100)
        #expect(Fixture.answer(world, "process.cpu", "api").value.doubleValue == 1)
        #expect(Fixture.answer(world, "process.state", "payments").status == .unsupported)
    }

    @Test("memory is compared with the declared limit, and the fullest instance is named")
    func memory() {
        var world = World()
        for (name, mebibytes) in [("api-1", 40), ("api-2", 96), ("web", 20)] {
            var fact = ProcessFact(state: "running", pid: 7, startedAt: now + -60)
            fact.rssBytes = UInt64(mebibytes) << 20
            world.processes[name, default: ProcessHistory()].append(Sampled(value: fact, at: now + -0.2))
        }
        let ratio = Fixture.answer(world, "process.memory_ratio", "api")
        #expect(ratio.value.doubleValue == 0.96 && ratio.unit == "ratio")
        #expect(ratio.fields["instance"] == "api-2")
        #expect(ratio.rows.map { $0["value"]?.doubleValue } == [0.4, 0.96])
        #expect(Fixture.answer(world, "process.memory_ratio", "api", ["api-1"]).value.doubleValue == 0.4)
        #expect(Fixture.answer(world, "process.memory_ratio", "web").status == .unsupported)
    }

    @Test("descriptors are counted from outside where they can be, and else by the process itself")
    func descriptors() {
        var world = World()
        for (name, open) in [("api-1", 240), ("api-2", nil)] as [(String, Int?)] {
            let fact = ProcessFact(state: "running", pid: 7, startedAt: now + -60, fds: open)
            world.processes[name, default: ProcessHistory()].append(Sampled(value: fact, at: now + -0.2))
        }
        let one = Fixture.answer(world, "process.fds_ratio", "api")
        #expect(one.value.doubleValue == 0.938 && one.fields["instance"] == "api-1" && one.rows.count == 1)
        #expect(Fixture.answer(world, "process.fds_ratio", "api", ["api-2"]).status == .unsupported)
        Fixture.scrape(&world, "api-2", [Fixture.metric("shop_fds_open", [:], 64)])
        let both = Fixture.answer(world, "process.fds_ratio", "api")
        #expect(both.rows.map { $0["value"]?.doubleValue } == [0.938, 0.25])
        #expect(both.rows.map { $0["open"] } == [240, 64])
        #expect(Fixture.answer(world, "process.fds_ratio", "web").status == .unknown)
    }

    @Test("a clock that is off is named by its instance, whichever way it is off")
    func clocks() {
        var world = World()
        #expect(Fixture.answer(world, "clock.offset", "api").status == .unknown)
        world.clocks["api-1"] = Sampled(value: 0, at: now + -0.2)
        world.clocks["api-2"] = Sampled(value: -299.5, at: now + -0.4)
        let answer = Fixture.answer(world, "clock.offset", "api")
        #expect(answer.value.doubleValue == 299.5 && answer.unit == "s")
        #expect(answer.fields["instance"] == "api-2" && answer.fields["ahead"]?.doubleValue == -299.5)
        #expect(answer.rows.map { $0["value"]?.doubleValue } == [0, 299.5])
        #expect(Fixture.answer(world, "clock.offset", "api", ["api-1"]).value.doubleValue == 0)
        #expect(Fixture.answer(world, "clock.offset", "payments", ["callers"]).value.doubleValue == 299.5)
        #expect(Fixture.answer(world, "clock.offset", "payments").status == .unsupported)
        world.clocks["api-2"]?.at = now + -30
        #expect(Fixture.answer(world, "clock.offset", "api", ["api-2"]).status == .unknown)
    }

    @Test("whole seconds and the time of a question are no difference")
    func offsets() {
        let said = now
        #expect(ClockOffset.seconds(said: said, asked: now + 0.1, answered: now + 0.2) == 0)
        #expect(ClockOffset.seconds(said: said, asked: now + 0.99, answered: now + 1.2) == 0)
        #expect(ClockOffset.seconds(said: said, asked: now + -0.5, answered: now + 0.5) == 0)
        #expect(ClockOffset.seconds(said: said, asked: now + -300.5, answered: now + -300) == 300)
        #expect(ClockOffset.seconds(said: said, asked: now + 301, answered: now + 301.5) == -300)
    }

    @Test("restarts are counted from start times")
    func restarts() {
        var world = World()
        for (age, started) in [(3.0, 500.0), (2, 500), (1, 2)] {
            let fact = ProcessFact(state: "running", pid: 1, startedAt: now + -started)
            world.processes["worker", default: ProcessHistory()].append(Sampled(value: fact, at: now + -age))
        }
        #expect(Fixture.answer(world, "process.restarts", "worker").value == 1)
    }

    @Test("a queue whose process is away is read from the database, and the job tried most often only there")
    func storedQueue() {
        var world = World()
        #expect(Fixture.answer(world, "queue.most_tried", "worker").status == .unknown)
        let job = QueueFact.Job(id: 41, kind: "stamp", attempts: 6, ageS: 30)
        let queue = QueueFact(depth: 70, oldestS: 12, mostTried: job, lastStarted: job)
        world.postgres.queue = Sampled(value: queue, at: Fixture.now + -0.5)
        #expect(Fixture.answer(world, "queue.depth", "worker").value == 70)
        #expect(Fixture.answer(world, "queue.oldest", "worker").value.doubleValue == 12)
        let tried = Fixture.answer(world, "queue.most_tried", "worker")
        #expect(tried.value == 41 && tried.fields["attempts"] == 6 && tried.fields["kind"] == "stamp")
        #expect(Fixture.answer(world, "queue.most_tried", "api").status == .unknown)
        world.postgres.queue = Sampled(value: queue, at: Fixture.now + -9)
        #expect(Fixture.answer(world, "queue.most_tried", "worker").status == .unknown)
    }

    @Test("cache, queue and busy read what the instances expose")
    func stores() {
        var world = World()
        Fixture.scrape(
            &world,
            "api-1",
            before: [Fixture.metric("shop_cache_lookups_total", ["result": "hit"], 100)],
            [
                Fixture.metric("shop_cache_lookups_total", ["result": "hit"], 130),
                Fixture.metric("shop_cache_lookups_total", ["result": "bad"], 10),
                Fixture.metric("shop_workers_busy", [:], 5), Fixture.metric("shop_workers_max", [:], 10),
            ]
        )
        Fixture.scrape(
            &world,
            "worker",
            [
                Fixture.metric("shop_queue_depth", [:], 12), Fixture.metric("shop_queue_oldest_seconds", [:], 3.5),
                Fixture.metric("shop_queue_last_started_job", [:], 99),
                Fixture.metric("shop_queue_last_started_attempt", [:], 4),
                Fixture.metric("shop_queue_last_started_timestamp_seconds", [:], now.secondsSinceEpoch - 2),
            ]
        )
        #expect(Fixture.answer(world, "cache.hit_ratio", "cache").value.doubleValue == 0.75)
        let bad = Fixture.answer(world, "cache.bad", "cache")
        #expect((bad.value.doubleValue ?? 0) > 2)
        #expect(bad.fields["bad"] == 10)
        #expect(Fixture.answer(world, "queue.depth", "worker").value == 12)
        #expect(Fixture.answer(world, "queue.oldest").value.doubleValue == 3.5)
        #expect(Fixture.answer(world, "queue.attempts", "worker").value == 4)
        #expect(Fixture.answer(world, "queue.last_started", "worker").fields["age"]?.doubleValue == 2)
        #expect(Fixture.answer(world, "process.busy", "api").value.doubleValue == 0.5)
    }

    @Test("changes after which an entry was kept are counted, and none where nobody says so")
    func keptEntries() {
        var world = World()
        #expect(Fixture.answer(world, "cache.kept", "cache").status == .unknown)
        let lookups = Fixture.metric("shop_cache_lookups_total", ["result": "hit"], 1)
        Fixture.scrape(&world, "api-1", before: [lookups], [lookups])
        #expect(Fixture.answer(world, "cache.kept", "cache").value == 0, "nothing has changed yet")
        let changed = { (kept: Double, forgotten: Double) in
            [
                lookups, Fixture.metric("shop_cache_changes_total", ["result": "kept"], kept),
                Fixture.metric("shop_cache_changes_total", ["result": "forgotten"], forgotten),
            ]
        }
        Fixture.scrape(&world, "api-2", before: changed(2, 7), changed(5, 8))
        let answer = Fixture.answer(world, "cache.kept", "cache")
        #expect(answer.value == 3 && answer.unit == "count")
        #expect(answer.fields["forgotten"] == 1 && answer.fields["changes"] == 4)
        #expect(Fixture.answer(world, "cache.kept", "worker").status != .ok)
    }

    @Test("a ledger that customers keep is compared with what was charged, and without one there is no answer")
    func ledger() {
        var world = World()
        let agreement = LedgerAgreement(windowS: 10, orders: 120, compared: 100, mismatched: 25)
        world.ledger = Sampled(value: agreement, at: now + -0.5)
        #expect(Fixture.answer(world, "ledger.mismatch").status == .unsupported)
        var map = Fixture.map
        map.keepsLedger = true
        let answer = { (world: World) in
            ReadEvaluator(map: map, world: world, now: Fixture.now).answer(ReadQuery(read: "ledger.mismatch"))
        }
        let found = answer(world)
        #expect(found.value == 25 && found.unit == "count" && found.ageS == 0.5)
        #expect(found.fields["orders"] == 120 && found.fields["ratio"]?.doubleValue == 0.25)
        world.ledger = Sampled(value: agreement, at: now + -9)
        #expect(answer(world).status == .unknown)
        let early = LedgerAgreement(windowS: 10, orders: 3, compared: 0, mismatched: 0)
        world.ledger = Sampled(value: early, at: now)
        #expect(answer(world).reason == "no charge of the orders is known in the last 10 s")
        #expect(answer(World()).status == .unknown)
    }

    @Test("changes are listed newest first, by component and kind")
    func changes() {
        var world = World()
        world.changes.since = now + -600
        world.changes.append(
            ChangeEvent(kind: "config", components: ["api"], at: now + -300, detail: "shop.env changed: DB_POOL")
        )
        world.changes.append(
            ChangeEvent(kind: "starts", components: ["worker"], instance: "worker", at: now + -20, detail: "w")
        )
        let all = Fixture.answer(world, "change.recent")
        #expect(all.value == 2)
        #expect(all.fields["kind"] == "starts")
        #expect(all.fields["newest_age"]?.doubleValue == 20)
        #expect(Fixture.answer(world, "change.recent", "api").value == 1)
        #expect(Fixture.answer(world, "change.recent", nil, ["config"]).value == 1)
    }

    @Test("a flag that was turned is named, and so is what it was")
    func flags() {
        let metrics = { (on: Double, at: Double) in
            Scrape([
                Fixture.metric("shop_flag_enabled", ["flag": "new-prices"], on),
                Fixture.metric("shop_flag_changed_timestamp_seconds", ["flag": "new-prices"], at),
            ])
        }
        let moment = Fixture.now.secondsSinceEpoch
        let finder = ScrapeChanges(
            component: Fixture.map.components[0],
            instance: Fixture.map.components[0].instances[0]
        )
        let found = finder.between(metrics(0, 100), metrics(1, moment - 4), at: Fixture.now, seen: [])
        #expect(found.map(\.detail) == ["flag new-prices is on"])
        #expect(finder.between(metrics(0, 100), metrics(1, moment - 4), at: Fixture.now, seen: found).isEmpty)
        var world = World()
        world.changes.since = now + -600
        for event in found { world.changes.append(event) }
        world.changes.append(ChangeEvent(kind: "config", at: now + -2, detail: "c"))
        let answer = Fixture.answer(world, "change.recent", found[0].components.first)
        #expect(answer.fields["flag"] == "new-prices")
        #expect(answer.fields["was"] == false)
        #expect(Fixture.answer(world, "change.recent", nil, ["config"]).fields["flag"] == .null)
    }

    @Test("a configuration differs from the last good one, secrets unseen")
    func configuration() {
        var world = World()
        var history = ConfigHistory()
        let version = { (hash: String, pool: String, at: Double) in
            ConfigHistory.Version(
                hash: hash,
                values: ["DB_POOL": pool, "DB_PASSWORD": "(secret 1)"],
                at: Fixture.now + at
            )
        }
        _ = history.observe(version("aaaaaaaaaaaaaaaa", "10", -100), isCalm: true)
        let isChange = history.observe(version("bbbbbbbbbbbbbbbb", "1", -3), isCalm: true)
        #expect(isChange)
        world.configs["shop.env"] = history
        Fixture.scrape(&world, "api-1", [Fixture.metric("shop_info", ["config_hash": "aaaaaaaaaaaa"], 1)])
        let answer = Fixture.answer(world, "config.diff", "api")
        #expect(answer.value == 1)
        #expect(answer.fields["hash_differs"] == true)
        #expect(answer.rows.first?.at("keys.0.key") == "DB_POOL")
        #expect(answer.rows.first?.at("not_loaded.0.instance") == "api-1")
        #expect(Fixture.answer(world, "config.diff", "worker").status == .unsupported)
    }

    @Test("a file that may not be read differs where an instance runs with another content than the last good one")
    func unreadableConfiguration() {
        var world = World()
        var history = ConfigHistory()
        _ = history.observe(.init(hash: "aaaaaaaaaaaa", values: [:], at: Fixture.now + -100), isCalm: true)
        world.configs["shop.env"] = history
        Fixture.scrape(&world, "api-1", [Fixture.metric("shop_info", ["config_hash": "aaaaaaaaaaaa"], 1)])
        #expect(Fixture.answer(world, "config.diff", "api").value == 0)
        Fixture.scrape(&world, "api-1", [Fixture.metric("shop_info", ["config_hash": "bbbbbbbbbbbb"], 1)])
        #expect(Fixture.answer(world, "config.diff", "api").value == 1)
    }

    @Test("a comment is a change of the file and of nothing else")
    func comment() {
        var world = World()
        var history = ConfigHistory()
        for (hash, at) in [("aaaaaaaaaaaaaaaa", -100.0), ("bbbbbbbbbbbbbbbb", -3)] {
            _ = history.observe(.init(hash: hash, values: ["DB_POOL": "10"], at: Fixture.now + at), isCalm: true)
        }
        world.configs["shop.env"] = history
        let answer = Fixture.answer(world, "config.diff", "api")
        #expect(answer.value == 0)
        #expect(answer.fields["hash_differs"] == true)
    }

    @Test("journey reads answer for one journey or for the worst")
    func journeys() {
        var world = World()
        for (name, good, bad) in [("browse", 40, 0), ("checkout", 5, 5)] {
            var watch = JourneyWatch(name: name, objective: 0.99)
            for half in 0..<6 {
                let from = now + (-3.0 + Double(half) * 0.5)
                let bucket = JourneyBucket(
                    seq: half,
                    journey: name,
                    from: from,
                    good: good,
                    bad: bad,
                    byCode: bad > 0 ? ["500": bad] : [:],
                    byInstance: bad > 0 ? ["api-1": bad - 1, "api-2": 1] : [:],
                    p99Ms: 30
                )
                _ = watch.observe(ObservedBucket(bucket: bucket, isStarved: false))
            }
            world.journeys[name] = watch
        }
        let ratio = Fixture.answer(world, "journey.good_ratio")
        #expect(ratio.value.doubleValue == 0.5)
        #expect(ratio.fields["journey"] == "checkout")
        #expect(ratio.rows.count == 2)
        #expect(Fixture.answer(world, "journey.good_ratio", nil, ["browse"]).value.doubleValue == 1)
        let failures = Fixture.answer(world, "journey.failures_by", nil, ["checkout", "instance"])
        #expect(failures.rows.first?["key"] == "api-1")
        #expect(failures.fields["top_share"]?.doubleValue == 0.8)
        #expect(Fixture.answer(world, "journey.p99", "checkout").value.doubleValue == 30)
    }
}
