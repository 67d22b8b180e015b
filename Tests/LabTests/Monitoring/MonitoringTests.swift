import GateClient
import Glibc
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsService
import OpsSystem
import OpsTestKit
import Testing

/// The real Prometheus and Alertmanager beside a lab, with the configuration that the lab wrote for them.
@Suite("Prometheus and Alertmanager", .serialized, .timeLimit(.minutes(5)))
struct MonitoringTests {
    /// The five services and their databases are enough.
    private static let parts = ["payments-a", "payments-b", "api-1", "api-2", "worker", "report", "load", "agent"]
    private static let five: [PortPlan.Listener] = [.web, .chaos, .observer, .gate, .action]

    private let lab: TestLab

    init() throws { lab = try TestLab("watched\(UInt16.random(in: 0 ... .max))") }

    @Test("all five are scraped without a complaint, and Observer's silence opens an incident that its return ends")
    func silenceOfObserver() async throws {
        try await withLab { record, home in
            for service in Self.five { try await check(service, of: record) }
            let servers = try await MonitoringServers(configuredIn: "\(home)/lab/monitoring")
            do { try await follow(servers, record, home) } catch {
                await servers.stop()
                throw error
            }
            await servers.stop()
        }
    }

    private func follow(_ servers: MonitoringServers, _ record: InstanceRecord, _ home: String) async throws {
        let wanted = Dictionary(uniqueKeysWithValues: Self.five.map { ($0.program, "1") })
        #expect(try await until { try await servers.query("up") == wanted }, "\(servers.logs)")
        let key = try #require(try FileSystem.text("\(home)/secrets/key-operator").split(separator: "\n").first)
        let gate = OperatorClient(ServiceClient(base: record.ports.url(.gate), key: String(key)))
        #expect(try await gate.incidents().isEmpty)

        let observer = try await processID(of: "observer")
        kill(observer, SIGSTOP)
        defer { kill(observer, SIGCONT) }
        #expect(try await until { try await !gate.incidents().isEmpty }, "\(servers.logs)")
        let incident = try #require(try await gate.incidents().first)
        let page = try #require(incident.pages.first)
        #expect(incident.pages.count == 1 && page.component == "observer" && page.journey.isEmpty)
        #expect(page.severity == "page" && page.status == .firing)
        #expect(page.summary.contains("Observer does not answer"))
        #expect(page.summary.hasSuffix("(the topology has no component observer)"))

        kill(observer, SIGCONT)
        #expect(try await until { try await gate.incident(incident.id).incident.state == .resolved }, "\(servers.logs)")
        #expect(try await gate.incidents().map(\.id) == [incident.id])
    }

    /// What Prometheus' own tool says about a service's metrics, after requests of every kind.
    private func check(_ service: PortPlan.Listener, of record: InstanceRecord) async throws {
        let http = HTTPClient()
        let url = record.ports.url(service)
        for path in ["/ready", "/openapi.json", "/nothing/here", "/metrics"] {
            _ = try await http.send(HTTPClientRequest(url: url + path, retries: 0))
        }
        let response = try await http.send(HTTPClientRequest(url: "\(url)/metrics", retries: 0))
        #expect(response.isSuccess && !response.body.isEmpty)
        let output = try await run(
            "/usr/bin/promtool",
            ["check", "metrics"],
            input: response.body,
            within: .seconds(30)
        )
        #expect(
            output.status == .exited(0) && output.text.isEmpty && output.errorText.isEmpty,
            """
            \(service.program): \(output.text) \(output.errorText)
            """
        )
    }

    private func withLab(_ body: (InstanceRecord, _ home: String) async throws -> Void) async throws {
        do {
            let up = try await lab.opslab(["up"] + Self.parts.flatMap { ["--without", $0] })
            try #require(up.status == .exited(0), "\(up.errorText)")
            let home = lab.state.file(lab.name)
            try await body(try #require(try InstanceRecord.read("\(home)/instance.json")), home)
        } catch {
            _ = try await lab.opslab("down", "--purge")
            throw error
        }
        #expect(try await lab.opslab("down", "--purge").status == .exited(0))
    }

    private func processID(of program: String) async throws -> Int32 {
        let status = try OpsJSON.decode(JSONValue.self, from: try await lab.opslab("status", "--json").stdout)
        let found = status["programs"]?.arrayValue?.first { $0["program"]?.stringValue == program }
        return Int32(try #require(found?["pid"]?.intValue))
    }

    /// Whether something became true within a minute.
    private func until(_ isTrue: () async throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if try await isTrue() { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }
}
