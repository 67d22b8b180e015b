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

    @Test("what one instance sends is late by what was asked for, nobody else's is, and it ends with the kill switch")
    func slow() async throws {
        let up = try await self.bench.opslab("up", "--proxied")
        try #require(up.status.isSuccess, "\(up.errorText)")
        let lab = try self.lab()
        let record = try #require(lab.record)
        let census = WorldCensus(try await RefereeLab(lab))
        let words = ["break", "net-delay", "--target", "api", "--unit", "api-1", "--for", "60s"]
        let broken = try await self.bench.opslab(words + ["--with", "to=payments", "--with", "ms=300"])
        try #require(broken.status.isSuccess, "\(broken.errorText)")
        let trace = "a way out of api-1 is closed by the fault"
        let mark = FaultMark(.link, "api-1")
        #expect(try await census.take(lookingFor: [mark]).traces.contains(trace))
        let (late, other) = (try await self.median("api-1", record), try await self.median("api-2", record))
        #expect((0.3...0.35).contains(late) && other < 0.1, "\(late) \(other)")

        #expect(try await self.bench.opslab("kill", "--reason", "enough").status.isSuccess)
        #expect(try await census.take(lookingFor: [mark]).traces.isEmpty)
        let after = try await self.median("api-1", record)
        #expect(after < 0.1, "\(after)")
        let down = try await self.bench.opslab("down", "--purge")
        #expect(down.status.isSuccess, "\(down.errorText)")
    }

    /// Seconds that half of fifteen questions take on an instance's way to its provider.
    private func median(_ program: String, _ record: InstanceRecord) async throws -> Double {
        let host = try #require(record.via(of: program))
        let http = HTTPClient()
        let url = "http://\(host):\(record.ports[.upstream1])/health"
        var times: [Double] = []
        for _ in 0..<15 {
            let begin = ContinuousClock.now
            let answer = try await http.send(HTTPClientRequest(url: url, timeout: .seconds(3), retries: 0))
            #expect(answer.isSuccess)
            times.append((ContinuousClock.now - begin) / .seconds(1))
        }
        return times.sorted()[7]
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
