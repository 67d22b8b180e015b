import Glibc
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// Ways closed in a lab that needs no privilege for it: a proxy stands in each.
@Suite("Ways closed by a proxy in between", .serialized, .timeLimit(.minutes(3)))
struct ProxiedLabTests {
    private let bench: TestLab

    init() throws { self.bench = try TestLab("proxied") }

    private func lab() throws -> Lab {
        let locator = InstanceLocator(repository: ".", environment: self.bench.environment)
        return try Lab(try InstanceName(self.bench.name), locator: locator, http: HTTPClient())
    }

    /// Whether an instance calls itself well, for which it has to reach its database.
    private func isServed(by instance: PortPlan.Listener, _ record: InstanceRecord) async throws -> Bool {
        let request = HTTPClientRequest(
            url: "\(record.ports.url(instance))/ready",
            timeout: .seconds(2),
            retries: 0
        )
        return (try? await HTTPClient().send(request))?.isSuccess == true
    }

    @Test("one instance loses its database, a killed proxy is asked again, and nothing is left of it")
    func cutOff() async throws {
        let up = try await self.bench.opslab("up", "--proxied")
        try #require(up.status.isSuccess, "\(up.errorText)")
        let lab = try self.lab()
        let record = try #require(lab.record)
        #expect(try await self.isServed(by: .api1, record))
        #expect(try await self.isServed(by: .api2, record))
        let words = ["break", "net-block", "--target", "api", "--unit", "api-1", "--for", "60s", "--with", "to=db"]
        let broken = try await self.bench.opslab(words)
        try #require(broken.status.isSuccess, "\(broken.errorText)")
        let census = WorldCensus(try await RefereeLab(lab))
        let mark = FaultMark(.link, "api-1")
        let trace = "a way out of api-1 is closed by the fault"
        #expect(try await census.take(lookingFor: [mark]).traces.contains(trace))
        try await self.eventually("it has no database") { try await !self.isServed(by: .api1, record) }
        #expect(try await self.isServed(by: .api2, record))

        let worker = try #require(try await self.worker(of: lab))
        kill(worker, SIGKILL)
        try await self.eventually("it is asked again") {
            guard let next = try await self.worker(of: lab), next != worker else { return false }
            return (try? await census.take(lookingFor: [mark]).traces.contains(trace)) == true
        }
        #expect(try await self.bench.opslab("kill", "--reason", "enough").status.isSuccess)
        #expect(try await census.take(lookingFor: [mark]).traces.isEmpty)
        try await self.eventually("it has its database") { try await self.isServed(by: .api1, record) }

        let plain = try await self.bench.opslab("down", "--purge")
        #expect(plain.status.isSuccess, "\(plain.errorText)")
    }

    @Test("containers need none, and are refused one")
    func refused() async throws {
        let containers = try await self.bench.opslab("up", "--proxied", "--runtime", "compose")
        #expect(!containers.status.isSuccess && containers.errorText.contains("own processes"))
    }

    /// The child that carries the bytes.
    private func worker(of lab: Lab) async throws -> Int32? {
        let guardian = try await lab.control(of: .lab).programs().first { $0.name == "proxy" }?.pid
        guard let guardian, guardian > 0 else { return nil }
        let children = try? FileSystem.text("/proc/\(guardian)/task/\(guardian)/children")  // none: it has ended
        return children?.split(separator: " ").first.flatMap { Int32($0) }
    }

    private func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            try #require(ContinuousClock.now < end, "\(what)")
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
