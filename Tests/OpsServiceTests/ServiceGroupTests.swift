import Glibc
import OpsService
import Synchronization
import Testing

@Suite("Services together")
struct ServiceGroupTests {
    private struct Failure: Error {}

    private func group(_ services: [any Service]) -> ServiceGroup {
        ServiceGroup(services: services, logger: .silent, drain: .seconds(1), handlesSignals: false)
    }

    @Test("a service that ends takes the others along", .timeLimit(.minutes(1)))
    func ending() async {
        let flag = Flag()
        let code = await self.group([Sleeper(flag: flag), Loop {}]).run()
        #expect(code == 1)
        #expect(flag.isSet)
    }

    @Test("so does one that fails", .timeLimit(.minutes(1)))
    func failing() async {
        let flag = Flag()
        #expect(await self.group([Sleeper(flag: flag), Loop { throw Failure() }]).run() == 1)
        #expect(flag.isSet)
    }

    @Test("a cancellation is an orderly stop", .timeLimit(.minutes(1)))
    func cancelling() async {
        let flag = Flag()
        let task = Task { await self.group([Sleeper(flag: flag)]).run() }
        task.cancel()
        #expect(await task.value == 0)
        #expect(flag.isSet)
    }

    @Test("a service that does not stop is given up", .timeLimit(.minutes(1)))
    func hanging() async {
        await #expect(processExitsWith: .exitCode(1)) {
            let deaf = Loop { while true { usleep(100_000) } }
            exit(await ServiceGroup(services: [deaf, Loop {}], logger: .silent, drain: .milliseconds(50)).run() + 7)
        }
    }
}

private struct Sleeper: Service {
    let flag: Flag
    func run() async throws {
        defer { self.flag.set() }
        try await Task.sleep(for: .seconds(60))
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { self.state.withLock { $0 } }
    func set() { self.state.withLock { $0 = true } }
}
