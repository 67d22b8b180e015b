import Glibc
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// Ways out of one process that are closed, in a lab whose processes share one network.
@Suite("Ways closed between processes", .serialized, .timeLimit(.minutes(3)))
struct LinkTests {
    private let bench: TestLab

    init() throws { self.bench = try TestLab("links") }

    private func lab() throws -> Lab {
        let locator = InstanceLocator(repository: ".", environment: self.bench.environment)
        return try Lab(try InstanceName(self.bench.name), locator: locator, http: HTTPClient())
    }

    /// What the kernel holds closed in a table; nil when there is no such table.
    private func closed(_ table: String) async throws -> [Substring]? {
        let list = try await run(
            "/usr/sbin/nft",
            ["list", "set", "inet", table, "held"],
            environment: ["PATH": "/usr/sbin:/usr/bin"],
            within: .seconds(5)
        )
        guard list.status.isSuccess else { return nil }
        return list.text.split(whereSeparator: { "{},\n".contains($0) }).filter { $0.contains("comment") }
    }

    @Test("one instance is cut off from what it needs, stays so while the fault lasts, and nothing is left of it")
    func cutOff() async throws {
        let before = try self.lab()
        let up = try await self.bench.opslab("up")
        try #require(up.status.isSuccess, "\(up.errorText)")
        let words = [
            "break", "net-block", "--target", "api", "--unit", "api-1", "--for", "60s", "--with", "to=payments",
        ]
        let broken = try await self.bench.opslab(words)
        guard geteuid() == 0 else {
            #expect(!broken.status.isSuccess && broken.errorText.contains("started by root"), "\(broken.errorText)")
            #expect(try await self.bench.opslab("down", "--purge").status.isSuccess)
            return
        }
        try #require(broken.status.isSuccess, "\(broken.errorText)")
        let lab = try self.lab()
        let record = try #require(lab.record)
        let (cut, whole) = (record.linkTable(of: "api-1"), record.linkTable(of: "api-2"))
        #expect(try await self.closed(cut)?.count == 2)
        #expect(try await self.closed(whole)?.isEmpty == true)
        let census = WorldCensus(try await RefereeLab(lab))
        let mark = FaultMark(.link, "api-1")
        #expect(try await census.take(lookingFor: [mark]).traces.contains("a way out of api-1 is closed by the fault"))

        // Whoever keeps it closed dies; the kernel forgets what nobody renews, and the next one is asked again.
        let link = try #require(try await lab.control(of: .lab).programs().first { $0.name == "api-1-net" }?.pid)
        kill(link, SIGKILL)
        try await self.eventually("it is asked again") {
            let pid = try await lab.control(of: .lab).programs().first { $0.name == "api-1-net" }?.pid
            guard let pid, pid > 0, pid != link else { return false }
            return try await self.closed(cut)?.count == 2
        }
        #expect(try await self.bench.opslab("kill", "--reason", "enough").status.isSuccess)
        #expect(try await self.closed(cut)?.isEmpty == true)
        #expect(try await census.take(lookingFor: [mark]).traces.isEmpty)

        let database = words.map { $0 == "to=payments" ? "to=db" : $0 }
        #expect(try await self.bench.opslab("resume", "--reason", "go on").status.isSuccess)
        let refused = try await self.bench.opslab(database)
        #expect(!refused.status.isSuccess && refused.errorText.contains("no way leads from api to db"))
        // As comparisons do: by a value that was made before the lab was.
        _ = try await before.stop(purge: true) { _ in }
        #expect(try await self.closed(cut) == nil)
        #expect(try await self.closed(whole) == nil)
    }

    private func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            try #require(ContinuousClock.now < end, "\(what)")
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
