import AgentOps
import OpsModel
import OpsPostgres
import OpsService
import Testing

@testable import ControlPlane

/// Leases, stops and withheld commands as PostgreSQL keeps them.
@Suite struct GateStoreClaimTests {
    func opened(_ store: PostgresGateStore) async throws -> String {
        let intake = PageIntake(store: store, changed: ChangeSignal(), actionLimit: 4)
        try await intake.take([IncidentStory.page()])
        return try await store.openRecords()[0].incident.id
    }

    func machine(_ record: IncidentRecord, after seconds: Double = 0) -> IncidentStateMachine {
        IncidentStateMachine(record: record, now: .now() + seconds)
    }

    func ask(_ store: PostgresGateStore, _ id: String, epoch: Int = 0) async throws {
        var prepared = IncidentStory.prepared(epoch: epoch)
        prepared.expiresAt = .now() + 60
        let asked = prepared
        try await store.change(id) { try machine($0).proposed(asked) }
    }

    func worker(_ store: PostgresGateStore, _ world: PlayedWorld) -> CommandWorker {
        CommandWorker(
            store: store,
            changed: ChangeSignal(),
            logger: Logger(label: "gate", level: .error),
            windowS: { 1 },
            act: world.peers.act
        )
    }

    @Test func aLapsedKeyStillFindsItsIncidentAndAStrangeOneDoesNot() async throws {
        let store = try await GateBench.store()
        let id = try await opened(store)
        try await store.change(id) { try machine($0).claimed(by: "a", keyHash: "k1") }
        try await store.change(id) { machine($0, after: 60).released(listeningSince: .now()) }
        try await store.change(id) { try machine($0).claimed(by: "b", keyHash: "k2") }
        #expect(try await store.incident(keyHash: "k1") == id)
        #expect(try await store.incident(keyHash: "k2") == id)
        #expect(try await store.incident(keyHash: "k3") == nil)
        #expect(try await store.record(id).incident.agent == "b")
    }

    /// An event with the next number is there already, so that nothing can be told to this incident any more.
    @Test func anIncidentThatCannotBeToldKeepsNoStopFromTakingEffect() async throws {
        let store = try await GateBench.store()
        let id = try await opened(store)
        let epoch = try await store.epoch()
        try await ask(store, id, epoch: epoch)
        let next = try await store.record(id).lastEvent + 1
        try await store.organisation.transaction { connection in
            let values: [PostgresValue] = [.text(id), .int(next), .text("x"), .text("x"), .json(Array("{}".utf8))]
            _ = try await connection.query(GateSQL.insertEvent, values)
        }
        await #expect(throws: PostgresError.self) {
            _ = try await store.freeze(true, by: .person("ann"), reason: "drill")
        }
        #expect(try await store.policy().isFrozen)
        #expect(try await store.epoch() == epoch + 1, "ActionPlane refuses what was granted before")
        #expect(try await store.record(id).approvals[0].approval.state == .pending)
    }

    @Test func theStopVoidsQuestions() async throws {
        let store = try await GateBench.store()
        let id = try await opened(store)
        let epoch = try await store.epoch()
        try await ask(store, id, epoch: epoch)
        let raised = try await store.freeze(true, by: .person("ann"), reason: "drill")
        let record = try await store.record(id)
        #expect(record.epoch == raised && raised == epoch + 1)
        #expect(record.approvals[0].approval.state == .superseded)
        #expect(try await store.events(id, after: 0).map(\.type).last == "approval.superseded")
        #expect(try await store.policy().isFrozen)
    }

    @Test func aWithheldCommandLeavesTheOutboxUndone() async throws {
        let store = try await GateBench.store()
        let world = PlayedWorld()
        let id = try await opened(store)
        try await ask(store, id)
        try await store.change(id) {
            try machine($0).approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil)
        }
        #expect(try await store.waitingCommands().map(\.id) == ["pro-1-1-0"])
        try await store.change(id) { machine($0).closed(by: "ann", reason: "drill") }
        await worker(store, world).carryOutAll()
        #expect(world.requests == 0)
        #expect(try await store.waitingCommands().isEmpty)
        #expect(try await store.record(id).proposals[0].outcome.state == .notDone)
    }

    /// The result was committed and the gate died before the command left the outbox.
    @Test func aCommandWhoseEndIsKnownIsNotSentAgain() async throws {
        let store = try await GateBench.store()
        let world = PlayedWorld()
        let id = try await opened(store)
        try await ask(store, id)
        try await store.change(id) {
            try machine($0).approved("apr-1", option: 1, grants: ["g"], by: "ann", reason: nil)
        }
        try await store.change(id) {
            machine($0).stepEnded(IncidentStory.result(.done), proposal: "pro-1", step: 0, windowS: 15)
        }
        await worker(store, world).carryOutAll()
        #expect(world.requests == 0)
        #expect(try await store.waitingCommands().isEmpty)
        #expect(try await store.record(id).incident.state == .verifying)
    }
}
