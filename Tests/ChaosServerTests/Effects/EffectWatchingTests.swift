import ChaosClient
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// A real injector that asks a load which the test plays.
@Suite("The injector asks the customers", .serialized)
struct EffectWatchingTests {
    /// Half seconds of one journey up to now, bad ones in the given share.
    private static func load(badShare: Double) -> HTTPServer {
        var router = Router()
        let start = Timestamp.now() + -5
        router.get("/journeys", summary: "Half seconds.", access: .open) { request in
            let after = try request.integer(query: "after", default: 0, in: 0...Int.max)
            let count = Int((Timestamp.now() - start) * 2)
            let buckets = (1...max(count, 1)).filter { $0 > after }.map { seq in
                let from = start + Double(seq - 1) / 2
                let bad = from > start + 5 ? Int(badShare * 40) : 0
                return JourneyBucket(seq: seq, journey: "browse", from: from, good: 40 - bad, bad: bad)
            }
            return .json(buckets)
        }
        return HTTPServer(
            configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "load"),
            router: router,
            authenticator: NoAuthenticator(),
            standardRoutes: StandardRoutes(),
            logger: .silent,
            metrics: MetricsRegistry()
        )
    }

    private func inject(badShare: Double, _ body: (ChaosLab, FaultRecord) async throws -> Void) async throws {
        let load = Self.load(badShare: badShare)
        try await load.start()
        do {
            try await ChaosLab.with(load: "http://127.0.0.1:\(load.port)") { lab in
                try await body(
                    lab,
                    try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 60))
                )
            }
        } catch {
            await load.drain(within: .seconds(1))
            throw error
        }
        await load.drain(within: .seconds(1))
    }

    @Test("a fault that a journey feels says when")
    func felt() async throws {
        try await self.inject(badShare: 0.5) { lab, record in
            #expect(record.effect == nil)
            try await eventually("it was felt") { try await lab.client.fault(record.id).effect == .felt }
            let felt = try await lab.client.fault(record.id)
            let onset = try #require(felt.effectAt)
            #expect(abs(onset - (felt.appliedAt ?? onset)) <= 5)
            #expect(felt.state == .verified)
        }
    }

    @Test("a disk that fails under what it writes raises the latch")
    func diskFails() async throws {
        let directory = try TemporaryDirectory()
        let store = FaultStore(state: directory.path)
        try store.create("watchedfault").append(JournalLine(.intended))
        try FileSystem.move("\(store.directory)/watchedfault/server", to: "\(store.directory)/watchedfault/earlier")
        try FileSystem.makeDirectory("\(store.directory)/watchedfault/server")
        try FileSystem.makeLink("\(store.directory)/watchedfault/server/journal.log", to: "/dev/null")
        let load = Self.load(badShare: 0.5)
        try await load.start()
        let latch = LatchFile(state: directory.path)
        let watching = EffectWatching(
            store: store,
            latch: latch,
            load: ServiceClient(base: "http://127.0.0.1:\(load.port)"),
            objectives: ["browse": 0.9],
            promises: [:],
            logger: .silent
        )
        var record = FaultRecord(
            id: "watchedfault",
            fault: "x",
            persistence: .event,
            state: .verified,
            target: "cache",
            leaseS: 60,
            requestedAt: .now()
        )
        record.appliedAt = .now()
        watching.begin(record)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watching.run() }
            try await eventually("the latch is raised", within: .seconds(15)) { latch.read()?.actor == "journal" }
            group.cancelAll()
        }
        await load.drain(within: .seconds(1))
    }

    @Test("a fault that no journey feels is ineffective, and its undo goes as ever")
    func ineffective() async throws {
        try await self.inject(badShare: 0) { lab, record in
            try await eventually("nobody felt it", within: .seconds(15)) {
                try await lab.client.fault(record.id).state == .ineffective
            }
            let ended = try await lab.client.revert(record.id)
            #expect(ended.state == .reverted)
            #expect(ended.effect == .ineffective && ended.effectAt == nil)
        }
    }
}
