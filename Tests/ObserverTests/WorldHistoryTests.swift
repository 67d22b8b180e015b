import OpsModel
import Synchronization
import Testing

@testable import Observer

@Suite("WorldHistory")
struct WorldHistoryTests {
    private let now = Fixture.now

    private func world(_ mark: Double) -> World {
        var world = World()
        world.changes.since = now + mark
        return world
    }

    @Test("shows the newest world that is old enough, and an empty one before there is any")
    func asOf() {
        var history = WorldHistory()
        for second in 0..<20 { history.note(world(Double(second)), at: now + Double(second), lateBy: 5) }
        #expect(history.world(asOf: now + 14).changes.since == now + 14)
        #expect(history.world(asOf: now + 15.9).changes.since == now + 15)
        #expect(history.world(asOf: now + 12).changes.since == nil, "nobody may ask for what is older")
        var young = WorldHistory()
        young.note(world(0), at: now, lateBy: 5)
        #expect(young.world(asOf: now + -1).changes.since == nil)
    }

    @Test("a store in time shows now, a late one then")
    func store() {
        let delay = Mutex(0.0)
        let store = WorldStore { delay.withLock { $0 } }
        store.update { $0.changes.since = now }
        #expect(store.known(at: now).asOf == now)
        #expect(store.known(at: now).world.changes.since == now)
        delay.withLock { $0 = 5 }
        store.update { $0.changes.since = now + 1 }
        let moment = Timestamp.now()
        #expect(store.known(at: moment).asOf == moment + -5)
        #expect(store.known(at: moment).world.changes.since == nil, "what was then is not known")
        #expect(store.known(at: moment + 5).world.changes.since == now + 1)
        #expect(store.snapshot.changes.since == now + 1, "whoever judges is in time")
    }
}
