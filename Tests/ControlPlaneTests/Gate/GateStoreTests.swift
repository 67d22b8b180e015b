import AgentOps
import OpsModel
import OpsPostgres
import Testing

@testable import ControlPlane

/// The store against a real PostgreSQL, as the role that the gate has in a lab.
@Suite struct GateStoreTests {
    let start = Timestamp(microseconds: 1_800_000_000_000_000)

    func page(_ journey: String, _ status: PageStatus = .firing, at moment: Timestamp) -> Page {
        Page(fingerprint: journey, journey: journey, status: status, summary: "\(journey) burns", startedAt: moment)
    }

    func open(_ page: Page) -> @Sendable (String) -> IncidentChange {
        { IncidentStateMachine.open(id: $0, page: page, autonomy: .approve, actionLimit: 4, now: page.startedAt) }
    }

    @Test func tenPagesAtOnceOpenOneIncident() async throws {
        let store = try await GateBench.store()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 {
                let page = page("journey-\(number)", at: start)
                group.addTask { try await store.take(page, opening: open(page), now: start) }
            }
            try await group.waitForAll()
        }
        let records = try await store.openRecords()
        #expect(records.count == 1)
        #expect(records.first?.incident.pages.count == 10)
    }

    @Test func aPageOfAnIncidentThatIsOverOpensNoOther() async throws {
        let store = try await GateBench.store()
        let burning = page("checkout", at: start)
        try await store.take(burning, opening: open(burning), now: start)
        let id = try #require(try await store.openRecords().first?.incident.id)
        try await store.change(id) {
            IncidentStateMachine(record: $0, now: start + 1).closed(by: "ann", reason: "done")
        }
        try await store.take(burning, opening: open(burning), now: start + 2)
        #expect(try await store.openRecords().isEmpty)
        let again = page("checkout", at: start + 60)
        try await store.take(again, opening: open(again), now: start + 60)
        #expect(try await store.openRecords().count == 1)
    }

    /// The limit is about those that count, whatever came later.
    @Test func whatEndedBeforeAMomentIsFoundBehindWhatEndedLater() async throws {
        let store = try await GateBench.store()
        var ids: [String] = []
        for seconds in [0.0, 60, 120] {
            let burning = page("checkout", at: start + seconds)
            try await store.take(burning, opening: open(burning), now: start + seconds)
            let id = try #require(try await store.openRecords().first?.incident.id)
            let agent = seconds == 60 ? "agent/proof" : "agent/one"
            try await store.change(id) {
                try IncidentStateMachine(record: $0, now: start + seconds).claimed(by: agent, keyHash: "k")
            }
            try await store.change(id) {
                IncidentStateMachine(record: $0, now: start + seconds + 30).released(listeningSince: start)
            }
            try await store.change(id) {
                IncidentStateMachine(record: $0, now: start + seconds + 40).closed(by: "ann", reason: "drill")
            }
            ids.append(id)
        }
        let found = try await store.records(endedBefore: start + 120, notBy: "agent/proof", limit: 1)
        #expect(found.map(\.incident.id) == [ids[0]], "the second was worked on by somebody who does not count")
        let all = try await store.records(endedBefore: start + 200, notBy: "agent/none", limit: 2)
        #expect(all.map(\.incident.id) == [ids[2], ids[1]])
        #expect(try await store.records(endedBefore: start + 40, notBy: "agent/none", limit: 9).isEmpty)
    }

    @Test func recordEventsAndCommandsAreOneStep() async throws {
        let store = try await GateBench.store()
        let burning = page("checkout", at: start)
        try await store.take(burning, opening: open(burning), now: start)
        let id = try #require(try await store.openRecords().first?.incident.id)
        struct Halt: Error {}
        await #expect(throws: Halt.self) {
            try await store.change(id) { record in
                _ = try IncidentStateMachine(record: record, now: start + 1).claimed(by: "a", keyHash: "k")
                throw Halt()
            }
        }
        #expect(try await store.record(id).incident.agent == nil)
        try await store.change(id) {
            try IncidentStateMachine(record: $0, now: start + 1).claimed(by: "a", keyHash: "k")
        }
        #expect(try await store.incident(keyHash: "k") == id)
        #expect(try await store.events(id, after: 0).map(\.seq) == [1, 2])
        #expect(try await store.events(id, after: 1).map(\.type) == ["agent.claimed"])
    }

    @Test func namesEvidenceAndGivesItBackInOrder() async throws {
        let store = try await GateBench.store()
        let burning = page("checkout", at: start)
        try await store.take(burning, opening: open(burning), now: start)
        let id = try #require(try await store.openRecords().first?.incident.id)
        let answers = (1...12).map { ReadAnswer(read: "pg.blockers", status: .ok, value: .int($0), unit: "count") }
        let kept = try await store.keep(answers, in: id)
        #expect(kept.map(\.evidence) == (1...12).map { "ev-\($0)" })
        #expect(try await store.evidence(id) == kept)
        #expect(try await store.record(id).lastEvidence == 12)
    }

    @Test func anotherOrganisationSeesNothing() async throws {
        let store = try await GateBench.store()
        let burning = page("checkout", at: start)
        try await store.take(burning, opening: open(burning), now: start)
        let foreign = PostgresGateStore(
            organisation: OrganisationPool(pool: store.organisation.pool, organisation: "referee")
        )
        #expect(try await foreign.openRecords().isEmpty)
    }

    @Test func policyAndEpochSurvive() async throws {
        let store = try await GateBench.store()
        #expect(try await store.policy().autonomy == .approve)
        try await store.changePolicy(by: "ann") { $0.autonomy = .observe }
        #expect(try await store.policy().autonomy == .observe)
        let before = try await store.epoch()
        #expect(try await store.freeze(true, by: .person("ann"), reason: "enough") == before + 1)
        #expect(try await store.policy().isFrozen)
    }
}
