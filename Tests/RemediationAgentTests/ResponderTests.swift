import OpsModel
import OpsService
import OpsSpec
import RemediationAgent
import Testing

/// Whole incidents as transcripts: what the reads say, and what the agent makes of it.
@Suite struct ResponderTests {
    @Test func endsTheSessionThatBlocks() async throws {
        let gate = try await respond { $0.lock() }
        #expect(
            await gate.transcript == [
                "diagnosis db lock-contention high", "propose terminate-sessions db at_most 1 which blocker",
                "outcome recovered",
            ]
        )
        let diagnosis = try #require(await gate.diagnoses.first)
        #expect(diagnosis.citations.first?.path == "runbooks/postgres-requests-wait.md")
        #expect(diagnosis.citations.first?.firstLine == 19)
        #expect(!diagnosis.evidence.isEmpty)
        #expect(diagnosis.ruledOut.contains { $0.mechanism == "query-slow" && !$0.evidence.isEmpty })
        #expect(diagnosis.ruledOut.contains { $0.mechanism == "pool-exhausted" && $0.component == "api" })
        let proposal = try #require(await gate.proposals.first)
        #expect(proposal.rejected.map(\.action).prefix(2) == ["restart-db", "restart-service"])
        #expect(proposal.options[0].steps[0].expect == ["pg.blockers == 0 within 2s"])
    }

    @Test func neverEndsAMigration() async throws {
        let gate = try await respond { $0.lock(kind: "migration") }
        #expect(await gate.transcript == ["diagnosis db lock-contention high", "escalate db lock-contention"])
        #expect(await gate.proposals.isEmpty)
    }

    @Test func renewsARejectedCredential() async throws {
        let gate = try await respond { $0.rejectedCredential() }
        #expect(
            await gate.transcript == [
                "diagnosis db credential-rejected high", "propose regenerate-env file shop.env", "outcome recovered",
            ]
        )
    }

    @Test func restartsOnlyTheInstanceThatIsGone() async throws {
        let gate = try await respond { $0.absent("api-2") }
        #expect(
            await gate.transcript == [
                "diagnosis api process-down high", "propose restart-service api-2", "outcome recovered",
            ]
        )
        #expect(await gate.diagnoses.first?.instance == "api-2")
        #expect(
            await gate.proposals.first?.options[0].steps[0].parameters == ["component": "api", "instance": "api-2"]
        )
    }

    /// Failures that gather at one instance say nothing about the edge in front of it.
    @Test func doesNotBlameTheEdge() async throws {
        let gate = try await respond {
            $0.absent("api-1")
            let fields: [String: JSONValue] = ["top": "api-1", "top_share": 1, "top_ratio": 0.5, "bad": 20]
            $0.set(nil, "journey.failures_by", 1, selector: ["checkout", "instance"], fields: fields)
        }
        #expect(await gate.transcript.first == "diagnosis api process-down high")
    }

    @Test func clearsADamagedStore() async throws {
        let gate = try await respond { $0.set($0.name("cache"), "cache.bad", 4) }
        #expect(
            await gate.transcript == [
                "diagnosis cache cache-bad high", "propose clear-cache cache", "outcome recovered",
            ]
        )
    }

    @Test func switchesOnlyToAnAlternativeThatAnswers() async throws {
        let gate = try await respond { $0.providerDown() }
        #expect(
            await gate.transcript == [
                "diagnosis payments dependency-unavailable high", "propose switch-to-fallback payments to fallback",
                "outcome recovered",
            ]
        )
        let both = try await respond {
            $0.providerDown()
            $0.set($0.name("payments"), "probe.result", "refused", instance: "fallback")
        }
        #expect(
            await both.transcript == [
                "diagnosis payments dependency-unavailable high", "escalate payments dependency-unavailable",
            ]
        )
    }

    /// The same refusal at both is the key's; a key that the other one takes is not at fault.
    @Test func renewsAKeyThatNoAlternativeTakes() async throws {
        let both = try await respond { $0.keyRefused(elsewhere: "unauthorised") }
        #expect(
            await both.transcript == [
                "diagnosis payments credential-rejected high", "propose rotate-credential payments",
                "outcome recovered",
            ]
        )
        let one = try await respond { $0.keyRefused(elsewhere: "ok") }
        #expect(
            await one.transcript == [
                "diagnosis payments dependency-wrong high", "propose switch-to-fallback payments to fallback",
                "outcome recovered",
            ]
        )
    }

    /// Wrong content is the store's where nothing is charged wrongly, and the provider's where orders and charges differ.
    @Test func tellsAProviderThatChargesWronglyFromAStoreThatIsWrong() async throws {
        let wrong: [String: JSONValue] = ["top": "body", "bad": 20]
        let charged = try await respond {
            $0.set(nil, "journey.failures_by", 20, selector: ["checkout", "code"], fields: wrong)
            $0.set(nil, "ledger.mismatch", 31, fields: ["orders": 40, "compared": 38])
        }
        #expect(
            await charged.transcript == [
                "diagnosis payments dependency-wrong high", "propose switch-to-fallback payments to fallback",
                "outcome recovered",
            ]
        )
        let stored = try await respond {
            $0.page = "browse"
            $0.set(nil, "journey.failures_by", 20, selector: ["browse", "code"], fields: wrong)
        }
        #expect(await stored.proposals.count == 1)
        #expect(await stored.transcript.contains("propose clear-cache cache"))
        let alone = try await respond {
            $0.set(nil, "journey.failures_by", 20, selector: ["checkout", "code"], fields: wrong)
            $0.set(nil, "ledger.mismatch", 31, fields: ["orders": 40, "compared": 38])
            $0.set($0.name("payments"), "probe.result", "refused", instance: "fallback")
        }
        #expect(await alone.proposals.isEmpty)
        #expect(await alone.transcript.contains("escalate payments dependency-wrong"))
    }

    /// Copies that a switch keeps: the switch first, then the store; without a switch nobody knows what to turn.
    @Test func turnsTheSwitchBeforeItClearsWhatWasKept() async throws {
        let old = { (world: inout World) in
            world.page = "browse"
            world.set(
                nil,
                "journey.failures_by",
                20,
                selector: ["browse", "code"],
                fields: ["top": "body", "bad": 20]
            )
            world.set(world.name("cache"), "cache.kept", 3)
        }
        let turned = try await respond {
            old(&$0)
            let fields: [String: JSONValue] = ["newest_age": 40, "flag": "new-lists", "was": false]
            $0.set("api", "change.recent", 1, selector: ["flags"], fields: fields)
        }
        #expect(await turned.transcript.first == "diagnosis cache cache-bad high")
        let steps = await turned.proposals.first?.options.first?.steps ?? []
        #expect(steps.map(\.action) == ["set-flag", "clear-cache"])
        #expect(steps.first?.parameters == ["flag": "new-lists", "value": false])
        let alone = try await respond { old(&$0) }
        #expect(await alone.proposals.isEmpty)
        #expect(await alone.transcript.contains("escalate cache cache-bad"))
    }

    /// A store that its users cannot fill: not a leak, not the database, and what made its entries dear can be turned back.
    @Test func turnsBackWhatMadeCopiesDear() async throws {
        let empty = { (world: inout World) in
            world.page = "browse"
            world.set(world.name("cache"), "cache.hit_ratio", 0.02)
            world.set("api", "pool.waiting", 80)
        }
        let turned = try await respond {
            empty(&$0)
            let fields: [String: JSONValue] = ["newest_age": 40, "flag": "dear-lists", "was": false]
            $0.set("api", "change.recent", 1, selector: ["flags"], fields: fields)
        }
        #expect(await turned.transcript.first == "diagnosis cache overload-sustained high")
        let steps = await turned.proposals.first?.options.first?.steps ?? []
        #expect(steps.map(\.action) == ["set-flag"])
        #expect(steps.first?.parameters == ["flag": "dear-lists", "value": false])
        let alone = try await respond { empty(&$0) }
        #expect(await alone.proposals.isEmpty)
        #expect(await alone.transcript.contains("escalate cache overload-sustained"))
    }

    /// The knowledge is in runbooks and topology: other names, same behaviour.
    @Test func worksUnderOtherNames() async throws {
        let names = [
            "db": "ledgerstore", "api": "backend", "cache": "pantry", "payments": "acquirer", "web": "door",
            "worker": "hand",
        ]
        let lock = try await respond(names: names) { $0.lock() }
        #expect(await lock.transcript.first == "diagnosis ledgerstore lock-contention high")
        let gone = try await respond(names: names) { $0.absent("backend-1") }
        #expect(await gone.transcript.dropFirst().first == "propose restart-service backend-1")
        let store = try await respond(names: names) { $0.set("pantry", "cache.bad", 4) }
        #expect(await store.transcript.first == "diagnosis pantry cache-bad high")
    }

    /// Without the runbook the agent must not know the repair, and should still know the place.
    @Test(arguments: [
        ("postgres-requests-wait", "db"), ("postgres-rejects-callers", "db"), ("http-some-instances-fail", "api"),
        ("store-answers-damaged", "cache"), ("provider-does-not-answer", "payments"),
    ])
    func escalatesWithoutTheRunbook(_ runbook: String, _ component: String) async throws {
        let gate = try await respond(without: [runbook]) { world in
            switch runbook {
            case "postgres-requests-wait": world.lock()
            case "postgres-rejects-callers": world.rejectedCredential()
            case "http-some-instances-fail": world.absent("api-1")
            case "store-answers-damaged": world.set("cache", "cache.bad", 4)
            default: world.providerDown()
            }
        }
        #expect(await gate.proposals.isEmpty)
        #expect(await gate.escalations.first?.component == component)
    }

    @Test func touchesNothingWhenNothingShows() async throws {
        let gate = try await respond { _ in }
        #expect(await gate.proposals.isEmpty)
        #expect(await gate.escalations.count == 1)
    }

    @Test func asksOnceMoreAfterARefusalAndThenHandsOver() async throws {
        let twice = try await respond(outcomes: [.denied, .recovered]) { $0.absent("api-1") }
        #expect(await twice.transcript.filter { $0.hasPrefix("propose") }.count == 2)
        #expect(await twice.escalations.isEmpty)
        let never = try await respond(outcomes: [.denied, .denied]) { $0.absent("api-1") }
        #expect(await never.escalations.first?.component == "api")
        #expect(await never.proposals.count == 2)
    }

    /// Who is asked again, or called, hears what was said the last time.
    @Test func namesTheReasonOfARefusal() async throws {
        let why = "not before noon"
        let again = try await respond(outcomes: [.denied, .recovered], reason: why) { $0.absent("api-1") }
        let words = await again.proposals.map { $0.options.map(\.why) }
        #expect(words.first?.contains { $0.contains(why) } == false)
        #expect(words.last?.allSatisfy { $0.contains("a person refused before: \(why)") } == true)
        let never = try await respond(outcomes: [.denied, .denied], reason: why) { $0.absent("api-1") }
        #expect(await never.escalations.first?.reason == "a person refused: \(why)")
        let drifted = try await respond(outcomes: [.notDone, .recovered], reason: "a fact moved") { $0.absent("api-1") }
        #expect(await drifted.proposals.last?.options.first?.why.contains("it was not done: a fact moved") == true)
        let silent = try await respond(outcomes: [.denied, .expired], reason: why) { $0.absent("api-1") }
        #expect(await silent.escalations.first?.reason.contains("a person refused before: \(why)") == true)
        let tried = try await respond(outcomes: [.denied, .notRecovered], reason: why) { $0.absent("api-1") }
        #expect(await tried.escalations.first?.reason.contains("a person refused before") == false, "it was done then")
    }

    /// What was said about one repair says nothing about another.
    @Test func aReasonStaysWithTheRepairThatItIsAbout() async throws {
        let gate = try await respond(outcomes: [.notDone, .notDone, .recovered], reason: "a fact moved") {
            $0.absent("api-1")
            $0.set("cache", "cache.bad", 4)
        }
        let options = await gate.proposals.compactMap(\.options.first)
        try #require(options.count == 3)
        #expect(options[0].steps.map(\.action) == options[1].steps.map(\.action))
        #expect(options[1].why.contains("asked again, because it was not done: a fact moved"))
        #expect(options[2].steps.map(\.action) != options[0].steps.map(\.action))
        #expect(!options[2].why.contains("asked again"))
    }

    /// The gate refuses a text of more than 4 KiB; a person's words have no bound of their own.
    @Test func saysNoMoreThanTheGateTakes() async throws {
        let why = String(repeating: "é", count: 9_000)
        let gate = try await respond(outcomes: [.denied, .denied], reason: why) { $0.absent("api-1") }
        let reason = try #require(await gate.escalations.first?.reason)
        #expect(reason.hasPrefix("a person refused: é") && (1_000...4_096).contains(reason.utf8.count))
    }

    @Test func doesNotRepeatARepairThatDidNotHelp() async throws {
        let gate = try await respond(outcomes: [.notRecovered]) { $0.absent("api-1") }
        #expect(await gate.proposals.count == 1)
        #expect(await gate.escalations.first?.reason.contains("1 repairs were tried") == true)
    }

    /// What the newest change turned is turned back to what it was; an older change says nothing.
    @Test func turnsBackTheFlagThatWasTurnedJustBefore() async throws {
        let turned = { (world: inout World, age: Double) in
            let fields: [String: JSONValue] = ["newest_age": .double(age), "flag": "new-prices", "was": false]
            world.set("api", "change.recent", 1, selector: ["flags"], fields: fields)
            world.set("api", "log.new_templates", 1, rows: [["template": "prices are out of range", "value": 3]])
        }
        let gate = try await respond { turned(&$0, 3) }
        #expect(await gate.diagnoses.first?.component == "api")
        #expect(await gate.diagnoses.first?.mechanism == "code-defect")
        let step = await gate.proposals.first?.options.first?.steps.first
        #expect(step?.action == "set-flag")
        #expect(step?.parameters == ["flag": "new-prices", "value": false])
        let old = try await respond { turned(&$0, 300) }
        #expect(await old.proposals.isEmpty)
    }

    /// A change of the file just before is not the cause when something below is seen to be wrong.
    @Test(arguments: [true, false])
    func aRecentChangeIsNotTheCauseOfWhatLiesDeeper(isLock: Bool) async throws {
        let gate = try await respond { world in
            for component in [nil, "api"] as [String?] {
                world.set(component, "config.diff", 1)
                world.set(component, "change.recent", 1, selector: ["config"])
            }
            if isLock { world.lock() } else { world.set("cache", "cache.bad", 4) }
        }
        #expect(await gate.escalations.isEmpty)
        #expect(await gate.diagnoses.first?.mechanism == (isLock ? "lock-contention" : "cache-bad"))
    }

    /// A fact that moved between plan and act voids the grant, and says nothing about the repair.
    @Test func asksOnceMoreAfterADrift() async throws {
        let moved = try await respond(outcomes: [.notDone, .recovered]) { $0.absent("api-1") }
        #expect(await moved.proposals.count == 2)
        #expect(await moved.escalations.isEmpty)
        let never = try await respond(outcomes: [.notDone, .notDone]) { $0.absent("api-1") }
        #expect(await never.proposals.count == 2)
        #expect(await never.escalations.count == 1)
    }

    /// What is refused before anybody is asked may be over already: a fresh look, and then a person.
    @Test func looksOnceMoreWhenTheRepairCannotBeMadeNow() async throws {
        let passing = try await respond(outcomes: [.blocked, .recovered]) { $0.lock() }
        #expect(await passing.proposals.count == 2)
        #expect(await passing.escalations.isEmpty)
        let lasting = try await respond(outcomes: [.blocked, .blocked], reason: "agents are stopped") { $0.lock() }
        #expect(await lasting.proposals.count == 2)
        #expect(await lasting.escalations.map(\.reason) == ["the repair cannot be made now: agents are stopped"])
    }

    @Test(arguments: [ProposalState.expired, .simulated, .unknown])
    func handsOverWhatItCannotDo(_ state: ProposalState) async throws {
        let gate = try await respond(outcomes: [state]) { $0.lock() }
        #expect(await gate.escalations.count == 1)
        #expect(await gate.proposals.count == 1)
    }

    @Test func leavesAnIncidentThatEnded() async throws {
        let gate = try await respond(outcomes: [.superseded]) { $0.lock() }
        #expect(await gate.escalations.isEmpty)
    }

    /// Late samples prove nothing.
    @Test func starvedSamplesBearNoCause() async throws {
        let gate = try await respond {
            $0.lock()
            for key in $0.answers.keys { $0.answers[key]?.isStarved = true }
        }
        #expect(await gate.proposals.isEmpty)
    }

    private func respond(
        without hidden: Set<String> = [],
        names: [String: String] = [:],
        outcomes: [ProposalState] = [.recovered],
        reason: String? = nil,
        _ change: (inout World) -> Void
    ) async throws -> FakeGate {
        var world = try World(without: hidden)
        world.names = names
        change(&world)
        let gate = FakeGate(world, outcomes: outcomes, reason: reason)
        var patience = ResponseStateMachine.Patience()
        patience.pause = 0
        _ = try await Responder(gate: gate, logger: Logger(label: "test", level: .error), patience: patience)
            .respond(to: world.incident)
        return gate
    }
}

extension World {
    mutating func lock(kind: String = "session") {
        let database = name("db")
        set(database, "pg.blockers", 1, fields: ["waiting": 13])
        let fields: [String: JSONValue] = [
            "pid": 4_117, "owner": "report", "kind": .string(kind), "state": "idle in transaction", "xact_age": 3.6,
            "waiting": 13,
        ]
        set(database, "pg.root_blocker", 4_117, fields: fields)
        set(name("api"), "pool.waiting", 7)
        set(nil, "journey.p99", 2_000, selector: [page], fields: ["ratio": 9])
    }

    mutating func rejectedCredential() {
        let database = name("db")
        set(
            name("api"),
            "log.code",
            40,
            fields: ["top": "28P01"],
            rows: [["code": "28P01", "count": 40, "instance": "api-1"]]
        )
        for caller in ["api", "worker"] { set(database, "probe.result", "unauthorised", selector: [name(caller)]) }
        set(database, "probe.result", "unauthorised")
        set(database, "probe.result", "ok", selector: ["observer"])
    }

    /// Whoever asks the provider without a key finds it well.
    mutating func keyRefused(elsewhere: JSONValue) {
        let (provider, caller) = (name("payments"), name("api"))
        set(provider, "probe.result", "unauthorised")
        set(provider, "probe.result", "ok", selector: ["observer"])
        set(provider, "probe.result", "unauthorised", selector: [caller])
        set(provider, "probe.result", elsewhere, instance: "fallback")
        set(provider, "probe.result", elsewhere, selector: ["callers"], instance: "fallback")
        set(provider, "call.errors", 30, selector: [caller, "401"])
    }

    mutating func absent(_ instance: String) {
        let service = name("api")
        let instances = ["\(service)-1", "\(service)-2"]
        let states: [JSONValue] = instances.map {
            ["instance": .string($0), "value": $0 == instance ? "absent" : "running"]
        }
        let probes: [JSONValue] = instances.map {
            ["instance": .string($0), "value": $0 == instance ? "refused" : "ok"]
        }
        set(service, "process.state", "absent", fields: ["running": 1, "absent": 1], rows: states)
        set(service, "probe.result", "refused", rows: probes)
    }

    mutating func providerDown() {
        let provider = name("payments")
        set(provider, "probe.result", "refused")
        set(provider, "probe.result", "refused", selector: ["observer"])
        set(provider, "probe.result", "refused", selector: [name("api")])
        set(provider, "probe.result", "ok", instance: "fallback")
    }
}
