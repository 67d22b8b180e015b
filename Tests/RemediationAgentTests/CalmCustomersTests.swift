import OpsModel
import OpsSpec
import RemediationAgent
import Testing

/// What the agent makes of a page whose customers are well again.
@Suite struct CalmCustomersTests {
    /// Walks an incident to its end; its page clears after so many pauses, or never.
    private func walk(_ world: World, clearsAfter pauses: Int? = nil) -> [String] {
        var machine = ResponseStateMachine(incident: world.incident, now: .now())
        var step = machine.start()
        var told: [String] = []
        var paused = 0
        while told.count < 100 {
            switch step {
            case .read(let questions): step = machine.on(.answers(questions.map(world.answer)))
            case .pause:
                paused += 1
                var incident = world.incident
                if let pauses, paused >= pauses { incident.state = .resolved }
                step = machine.on(.incident(incident))
            case .diagnose(let diagnosis):
                told.append("diagnosis \(diagnosis.component) \(diagnosis.mechanism)")
                step = machine.on(.recorded)
            case .propose(let proposal):
                told.append("propose \(proposal.options.first?.title ?? "")")
                step = machine.on(.receipt(ProposalReceipt(proposal: "p-1", state: .recovered)))
            case .wait: return told + ["waits"]
            case .escalate(let escalation):
                told.append("escalate: \(escalation.reason)")
                step = machine.on(.recorded)
            case .finish(let reason): return told + ["after \(paused) pauses: \(reason)"]
            }
        }
        return told
    }

    private func world(good: Int, bad: Int, _ change: (inout World) -> Void) throws -> World {
        var world = try World()
        change(&world)
        let fields: [String: JSONValue] = ["good": .int(good), "bad": .int(bad)]
        world.set(
            nil,
            "journey.good_ratio",
            .double(Double(good) / Double(good + bad)),
            selector: ["checkout"],
            fields: fields
        )
        return world
    }

    @Test("Whoever is well needs no repair, however much still speaks for a cause")
    func standsBy() throws {
        #expect(
            walk(try world(good: 60, bad: 0) { $0.lock() }, clearsAfter: 9) == [
                "after 9 pauses: the incident is resolved"
            ]
        )
        #expect(
            walk(try world(good: 60, bad: 0) { _ in }, clearsAfter: 9) == ["after 9 pauses: the incident is resolved"]
        )
    }

    @Test("Customers who suffer are helped at once")
    func actsWhereItHasTo() throws {
        let told = walk(try world(good: 40, bad: 20) { $0.lock() })
        #expect(told.first == "diagnosis db lock-contention")
        #expect(told.last == "after 0 pauses: recovered")
    }

    @Test("A page about no journey is about all of them: nobody acts on its word alone")
    func doesNotBelieveAnAlertThatNobodyFeels() throws {
        var calm = try world(good: 60, bad: 0) { $0.lock() }
        calm.page = ""
        let well: [String: JSONValue] = ["good": 60, "bad": 0]
        for journey in ["browse", "fulfil"] {
            calm.set(nil, "journey.good_ratio", 1, selector: [journey], fields: well)
        }
        #expect(walk(calm, clearsAfter: 9) == ["after 9 pauses: the incident is resolved"])
        calm.set(nil, "journey.good_ratio", 0.6, selector: ["fulfil"], fields: ["good": 60, "bad": 40])
        #expect(walk(calm).first == "diagnosis db lock-contention")
    }

    /// A hit of a runbook that is about databases.
    private static let hit = RunbookHit(
        id: "postgres-requests-wait",
        title: "",
        path: "runbooks/postgres-requests-wait.md",
        score: 1,
        firstLine: 1,
        lastLine: 2
    )

    @Test("Calm before the first look is no reason to look longer afterwards")
    func calmWithoutALookSparesNone() throws {
        let hit = try JSONValue(encoding: Self.hit)
        let (calm, suffering) = (try world(good: 60, bad: 0) { _ in }, try World())
        var machine = ResponseStateMachine(incident: calm.incident, now: .now())
        var step = machine.start()
        var paused = 0
        while paused < 100 {
            switch step {
            case .read(let questions):
                let isCalm = paused < 5
                let answers = questions.map { question in
                    guard question.read == "runbook.search" else { return (isCalm ? calm : suffering).answer(question) }
                    return ReadAnswer(read: question.read, status: .ok, rows: isCalm ? [] : [hit])
                }
                step = machine.on(.answers(answers))
            case .pause:
                paused += 1
                step = machine.on(.incident(calm.incident))
            case .escalate:
                #expect(paused == 5 + 13, "fourteen looks have thirteen pauses between them")
                return
            default:
                Issue.record("\(step)")
                return
            }
        }
        Issue.record("it never gives up")
    }

    @Test("A page that stays out is about something else than what is seen of customers")
    func doesNotWaitForEver() throws {
        let told = walk(try world(good: 60, bad: 0) { $0.lock() })
        #expect(told.first == "diagnosis db lock-contention")
        #expect(told.last == "after 15 pauses: recovered")
    }
}
