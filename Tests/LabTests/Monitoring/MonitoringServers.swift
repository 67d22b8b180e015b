import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit

/// Debian's Prometheus and Alertmanager with the configuration that `opslab up` wrote for a lab, at ports of their own.
struct MonitoringServers: Sendable {
    private let prometheus: ChildProcess
    private let alertmanager: ChildProcess
    private let address: String
    private let directory: TemporaryDirectory

    /// Starts both; whoever started them stops them.
    init(configuredIn source: String) async throws {
        directory = try TemporaryDirectory()
        let ports = (prometheus: FreePort.take(), alertmanager: FreePort.take())
        address = "127.0.0.1:\(ports.prometheus)"
        for name in ["prometheus.yml", "rules.yml", "alertmanager.yml"] {
            let text = try FileSystem.text("\(source)/\(name)")
                .replacing("127.0.0.1:9093", with: "127.0.0.1:\(ports.alertmanager)")
            try FileSystem.writeAtomically(text, to: directory.file(name))
        }
        alertmanager = try await Launcher.shared.start(
            Self.server(
                "prometheus-alertmanager",
                [
                    "--config.file=\(directory.file("alertmanager.yml"))", "--storage.path=\(directory.file("alerts"))",
                    "--web.listen-address=127.0.0.1:\(ports.alertmanager)", "--cluster.listen-address=",
                ],
                log: directory.file("alertmanager.log")
            )
        )
        prometheus = try await Launcher.shared.start(
            Self.server(
                "prometheus",
                [
                    "--config.file=\(directory.file("prometheus.yml"))",
                    "--storage.tsdb.path=\(directory.file("series"))",
                    "--web.listen-address=\(address)",
                ],
                log: directory.file("prometheus.log")
            )
        )
    }

    func stop() async {
        _ = await prometheus.stop()
        _ = await alertmanager.stop()
    }

    /// What both have said so far, for a test that failed.
    var logs: String {
        ["prometheus.log", "alertmanager.log"].map { (try? FileSystem.text(directory.file($0))) ?? "" }.joined()
    }

    /// The value of each series of an expression by its label `component`; nil before Prometheus answers.
    func query(_ expression: String) async throws -> [String: String]? {
        let url = "http://\(address)/api/v1/query?query=\(expression)"
        guard let response = try? await HTTPClient().send(HTTPClientRequest(url: url, retries: 0)), response.isSuccess
        else { return nil }  // it has not begun to listen
        let answer = try OpsJSON.decode(JSONValue.self, from: response.body)
        let series = answer["data"]?["result"]?.arrayValue ?? []
        return Dictionary(
            series.map { ($0["metric"]?["component"]?.stringValue ?? "", $0["value"]?[1]?.stringValue ?? "") }
        ) { first, _ in first }
    }

    private static func server(_ program: String, _ arguments: [String], log: String) throws -> Spawn {
        // A session of its own keeps it out of the group of whoever tests; its words are kept for a failure.
        let words = ["-c", "exec \"$0\" \"$@\" >\(log) 2>&1", "/usr/bin/\(program)"] + arguments
        return Spawn(path: "/bin/sh", arguments: words, newSession: true)
    }
}
