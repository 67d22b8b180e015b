import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import OpsRuntime

/// What `up` makes of `compose/monitoring`, read by the tools of Prometheus and Alertmanager.
@Suite struct MonitoringFilesTests {
    private let directory: TemporaryDirectory
    private let layout: InstanceLayout
    private let repository: String

    init() throws {
        directory = try TemporaryDirectory()
        layout = InstanceLayout(home: directory.path, sockets: "/run/x", state: directory.path)
        var root = FileSystem.parent(of: #filePath)
        for _ in 0..<3 { root = FileSystem.parent(of: root) }
        repository = root
    }

    private func write(_ runtime: LabRuntime, _ ports: PortPlan = .standard) throws {
        try MonitoringFiles(layout: layout, addresses: LabAddresses(runtime, ports)).write(from: repository)
    }

    private func text(_ name: String) throws -> String { try FileSystem.text("\(layout.monitoring)/\(name)") }

    @Test(arguments: [LabRuntime.local, .compose])
    func theToolsHaveNoComplaint(_ runtime: LabRuntime) async throws {
        try write(runtime, try PortPlan.free())
        for command in [
            ["/usr/bin/promtool", "check", "config", "\(layout.monitoring)/prometheus.yml"],
            ["/usr/bin/amtool", "check-config", "\(layout.monitoring)/alertmanager.yml"],
        ] {
            let output = try await run(command[0], Array(command.dropFirst()), within: .seconds(30))
            #expect(output.status == .exited(0), "\(output.text) \(output.errorText)")
        }
    }

    @Test func asProcessesAllAreOnThisMachine() throws {
        let ports = try PortPlan.free()
        try write(.local, ports)
        let prometheus = try text("prometheus.yml")
        for service in MonitoringFiles.services { #expect(prometheus.contains("\"127.0.0.1:\(ports[service])\"")) }
        #expect(prometheus.contains("\"127.0.0.1:9093\""))
        let alertmanager = try text("alertmanager.yml")
        #expect(alertmanager.contains("url: http://127.0.0.1:\(ports[.gate])/signals/alertmanager\n"))
        #expect(alertmanager.contains("credentials_file: \(layout.secret("key-alertmanager"))}"))
        #expect(try text("grafana/datasources/prometheus.yml").contains("url: http://127.0.0.1:9090\n"))
    }

    @Test func inContainersEachHasAName() throws {
        try write(.compose)
        for name in MonitoringFiles.names where name != "alertmanager.yml" {
            #expect(try text(name) == FileSystem.text("\(repository)/compose/monitoring/\(name)"), "\(name)")
        }
        #expect(try text("alertmanager.yml").contains("url: http://gate:8080/signals/alertmanager\n"))
    }

    /// What a board asks for exists: among the rules, or among what services and Prometheus itself export.
    @Test func theBoardIsADocumentOverKnownMetrics() throws {
        let board = try OpsJSON.decode(
            JSONValue.self,
            from: Array(try FileSystem.text("\(repository)/compose/monitoring/grafana/dashboards/opslab.json").utf8)
        )
        let panels = try #require(board["panels"]?.arrayValue)
        #expect(Set(panels.compactMap { $0["id"]?.intValue }).count == panels.count && panels.count > 5)
        let rules = try FileSystem.text("\(repository)/compose/monitoring/rules.yml")
        let sources = try Self.sources(of: repository)
        for expression in panels.flatMap({ $0["targets"]?.arrayValue ?? [] }).compactMap({ $0["expr"]?.stringValue }) {
            let metric = try #require(expression.firstMatch(of: /(opslab|process)[a-z0-9_:]+|^up$/)?.output.0)
            let name = metric.replacing("_bucket", with: "")
            #expect(name == "up" || rules.contains("record: \(name)\n") || sources.contains("\"\(name)\""), "\(name)")
        }
    }

    private static func sources(of repository: String) throws -> String {
        try [
            "OpsService/Metrics/MetricsRegistry+process.swift", "OpsHTTP/Server/RequestMetrics.swift",
            "Observer/ObserverMetrics.swift", "ActionPlane/Metrics.swift", "ChaosServer/Metrics.swift",
        ].map { try FileSystem.text("\(repository)/Sources/\($0)") }.joined()
    }
}
