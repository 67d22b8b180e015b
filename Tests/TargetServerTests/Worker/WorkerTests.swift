import OpsService
import OpsSystem
import OpsTestKit
import Testing

@testable import TargetServer

@Suite struct WorkerTests {
    private func queue(_ shop: ShopFixture, _ name: String = "worker") -> JobQueue {
        JobQueue(database: shop.database, worker: name)
    }

    private func buy(_ shop: ShopFixture, _ count: Int) async throws {
        for number in 0..<count { _ = try await shop.buy(ProviderFixture.plainKey(500 + number)) }
    }

    @Test func jobsAreTakenOnceByWhoeverComesFirst() async throws {
        try await ShopFixture.with { shop async throws in
            try await buy(shop, 6)
            let taken = try await withThrowingTaskGroup(of: [Int].self) { group in
                for number in 0..<4 {
                    group.addTask { try await queue(shop, "w\(number)").take(2).map(\.id) }
                }
                return try await group.reduce(into: [Int]()) { $0 += $1 }
            }
            #expect(taken.count == 6)
            #expect(Set(taken).count == 6)
            #expect(try await queue(shop).depth() == JobQueue.Depth(queued: 0, oldestSeconds: 0))
        }
    }

    @Test func fulfillingEndsTheJobAndMarksTheOrder() async throws {
        try await ShopFixture.with { shop async throws in
            try await buy(shop, 1)
            let job = try #require(try await queue(shop).take(1).first)
            let fulfilment = Fulfilment(queue: queue(shop), scratch: shop.directory.path, logger: .silent)
            try await fulfilment.run(job)
            #expect(try await shop.number("SELECT count(*) AS n FROM orders WHERE state = 'fulfilled'") == 1)
            #expect(try await shop.number("SELECT count(*) AS n FROM jobs") == 0)
            #expect(try FileSystem.list(shop.directory.path).allSatisfy { !$0.hasSuffix(".part") })
        }
    }

    @Test func whatCannotBePackedIsTriedLater() async throws {
        try await ShopFixture.with { shop async throws in
            try await buy(shop, 1)
            let metrics = MetricsRegistry()
            let fulfilment = Fulfilment(queue: queue(shop), scratch: "/tmp/opslab-no-such-place", logger: .silent)
            let worker = Worker(queue(shop), fulfilment, limit: 1, logger: .silent, metrics: metrics)
            let task = Task { try await worker.run() }
            try await eventually { metrics.render().contains(#"shop_jobs_total{result="failed"} 1"#) }
            try await eventually {
                try await shop.number("SELECT count(*) AS n FROM jobs WHERE state = 'queued' AND attempts = 1") == 1
            }
            task.cancel()
            _ = await task.result
        }
    }

    @Test func aJobNobodyKnowsEndsTheWorker() async throws {
        try await ShopFixture.with { shop async throws in
            try await shop.database.query("INSERT INTO jobs (kind, payload) VALUES ('unheard-of', 'x')")
            let fulfilment = Fulfilment(queue: queue(shop), scratch: shop.directory.path, logger: .silent)
            let worker = Worker(queue(shop), fulfilment, limit: 2, logger: .silent, metrics: MetricsRegistry())
            await #expect(throws: UnknownJob.self) { try await worker.run() }
            #expect(try await shop.number("SELECT attempts AS n FROM jobs") == 1)
        }
    }

    @Test func aJobNobodyKnowsComesFirstAgainAndCutsNoOtherOff() async throws {
        try await ShopFixture.with { shop async throws in
            try await shop.database.query(
                "INSERT INTO jobs (kind, payload, state, worker, attempts, started_at) "
                    + "VALUES ('unheard-of', 'x', 'running', 'worker', 4, now())"
            )
            try await buy(shop, 40)
            let fulfilment = Fulfilment(queue: queue(shop), scratch: shop.directory.path, logger: .silent)
            let worker = Worker(queue(shop), fulfilment, limit: 4, logger: .silent, metrics: MetricsRegistry())
            let start = ContinuousClock.now
            await #expect(throws: UnknownJob.self) { try await worker.run() }
            #expect(start.duration(to: .now) >= .seconds(2), "its supervisor would give it up")
            #expect(try await shop.number("SELECT attempts AS n FROM jobs WHERE kind = 'unheard-of'") == 5)
            #expect(try await shop.number("SELECT count(*) AS n FROM jobs WHERE kind = 'fulfil' AND attempts > 0") == 0)
            #expect(try await shop.number("SELECT count(*) AS n FROM jobs WHERE kind = 'fulfil'") > 20)
        }
    }

    @Test func anEarlierStartsJobsAreTakenBack() async throws {
        try await ShopFixture.with { shop async throws in
            try await buy(shop, 2)
            _ = try await queue(shop, "worker").take(1)
            _ = try await queue(shop, "other").take(1)
            #expect(try await queue(shop, "worker").reclaim() == 1)
        }
    }

    private func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline, "not within ten seconds")
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
