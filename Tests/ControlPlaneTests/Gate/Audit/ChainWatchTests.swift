import AgentOps
import OpsModel
import Synchronization
import Testing

@testable import ControlPlane

/// How often the whole chain is walked.
@Suite struct ChainWatchTests {
    /// A walk that counts itself and ends when it is let.
    private final class Walks: Sendable {
        let count = Mutex(0)

        func walk() -> AuditVerifier.Report {
            let rows = count.withLock { count in
                count += 1
                return count
            }
            var verifier = AuditVerifier(organisation: "lab")
            var report = verifier.finish(.genesis)
            report.rows = rows
            return report
        }
    }

    @Test func whatWasFoundIsGoodForAWhile() async throws {
        let walks = Walks()
        let watch = ChainWatch(freshFor: .seconds(60)) { walks.walk() }
        let first = try await watch.state()
        #expect(first.isWhole && first.rows == 1)
        #expect(try await watch.state() == first)
        let hasty = ChainWatch(freshFor: .zero) { walks.walk() }
        #expect(try await hasty.state().rows == 2)
        #expect(try await hasty.state().rows == 3)
    }

    @Test func whoAsksDuringAWalkHearsOfTheOneBefore() async throws {
        let walks = Walks()
        let (gate, door) = AsyncStream<Void>.makeStream()
        let watch = ChainWatch(freshFor: .zero) {
            let report = walks.walk()
            if report.rows == 2 { for await _ in gate { break } }
            return report
        }
        #expect(try await watch.state().rows == 1)
        async let second = watch.state()
        while walks.count.withLock({ $0 }) < 2 { await Task.yield() }
        #expect(try await watch.state().rows == 1)
        door.yield()
        #expect(try await second.rows == 2)
    }

    @Test func aFailureIsNotRemembered() async throws {
        struct Away: Error {}
        let walks = Walks()
        let watch = ChainWatch(freshFor: .seconds(60)) {
            let report = walks.walk()
            if report.rows == 1 { throw Away() }
            return report
        }
        await #expect(throws: Away.self) { try await watch.state() }
        #expect(try await watch.state().rows == 2)
    }
}
