import OpsSystem

/// Prometheus, Alertmanager and Grafana set up for one lab: the repository's files with this lab's addresses in them.
///
/// They work for both runtimes. The texts name everybody as they do in containers, at the standard ports, so that each is a
/// valid configuration as it lies there.
struct MonitoringFiles: Sendable {
    let layout: InstanceLayout
    let addresses: LabAddresses

    /// Below `compose/monitoring` and below `lab/monitoring` of a lab alike.
    static let names = [
        "prometheus.yml", "rules.yml", "alertmanager.yml", "grafana/datasources/prometheus.yml",
        "grafana/dashboards/provider.yml", "grafana/dashboards/opslab.json",
    ]
    /// Whose `/metrics` is looked at, and who takes pages.
    static let services: [PortPlan.Listener] = [.web, .chaos, .observer, .gate, .action]
    /// Programs that no lab starts by itself, at the ports they have everywhere.
    private static let own = ["prometheus:9090", "alertmanager:9093"]

    /// Copies each file there is; an installation without the folder has no monitoring.
    func write(from repository: String) throws(RuntimeError) {
        let source = "\(repository)/compose/monitoring"
        guard FileSystem.isDirectory(source) else { return }
        try translating {
            for name in Self.names {
                let path = "\(self.layout.monitoring)/\(name)"
                try FileSystem.makeDirectory(FileSystem.parent(of: path), mode: 0o755)
                let text = self.rendered(try FileSystem.text("\(source)/\(name)"))
                try FileSystem.writeAtomically(text, to: path, mode: 0o644)
            }
        }
    }

    func rendered(_ text: String) -> String {
        var text = text.replacing("/secrets/key-alertmanager", with: self.layout.secret("key-alertmanager"))
        for service in Self.services {
            let standard = "\(service.program):\(service.standardPort)"
            text.replace(standard, with: "\(self.addresses.host(service)):\(self.addresses.ports[service])")
        }
        guard self.addresses.runtime == .local else { return text }
        for name in Self.own { text.replace(name, with: "127.0.0.1:" + name.drop { $0 != ":" }.dropFirst()) }
        return text
    }
}
