import Testing

@testable import TargetServer

@Suite struct SingleFlightTests {
    @Test func oneDoesTheWorkOfAll() async throws {
        let flight = SingleFlight<Int>()
        let runs = Count()
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await flight.run("key") {
                        runs.add()
                        try await Task.sleep(for: .milliseconds(30))
                        return 7
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0 == 7 })
        #expect(runs.value < 20)
    }

    @Test func whoIsCalledOffTakesNobodyWithThem() async throws {
        let flight = SingleFlight<Int>()
        let (isRunning, running) = AsyncStream<Void>.makeStream()
        let leader = Task {
            try await flight.run("key") {
                running.yield()
                try await Task.sleep(for: .seconds(60))
                return 1
            }
        }
        for await _ in isRunning { break }
        let follower = Task { try await flight.run("key") { 2 } }
        leader.cancel()
        await #expect(throws: CancellationError.self) { try await leader.value }
        #expect(try await follower.value == 2)
    }

    @Test func aFailureReachesEverybodyAndIsNotKept() async throws {
        struct Broken: Error {}
        let flight = SingleFlight<Int>()
        await #expect(throws: Broken.self) { try await flight.run("key") { throw Broken() } }
        #expect(try await flight.run("key") { 1 } == 1)
    }
}
