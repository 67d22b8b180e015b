internal import OpsYAML

/// Checks that everything a topology names exists, and that nothing needs itself.
struct TopologyReferences {
    let topology: Topology
    let top: YAMLMapping
    let marks: [String: YAMLMark]

    func check() {
        for component in topology.components { check(component) }
        for probe in topology.probes {
            expect(probe.target, "probe \(probe.target)", in: "probes")
            for vantage in probe.from where vantage != "observer" {
                expect(vantage, "probe \(probe.target)", in: "probes")
            }
        }
        for source in topology.config {
            for secret in source.secrets { expect(secret.component, "secret \(secret.key)", in: "config") }
        }
        for name in topology.chaos.scope { expect(name, "the chaos scope", in: "chaos") }
        checkState()
        checkCycles()
    }

    private func check(_ component: Component) {
        let subject = "component \(component.name)"
        for name in component.needs + component.usedBy + [component.drains].compactMap(\.self) {
            expect(name, subject, at: marks[component.name])
        }
        if let config = component.config, topology.configSource(config) == nil {
            report("\(subject) starts with '\(config)', which 'config' does not describe", marks[component.name])
        }
        if let hosts = component.hosts, topology.configSource(hosts) == nil {
            report("\(subject) looks names up in '\(hosts)', which 'config' does not describe", marks[component.name])
        }
        if component.kind == .provider, component.providers.isEmpty {
            report("\(subject) needs its alternatives under 'providers'", marks[component.name])
        }
    }

    private func checkState() {
        let state = topology.state
        let tables = [state.flags, state.jobs].compactMap(\.self) + state.rows
        for name in Set(tables.map(\.database) + [state.snapshots?.database].compactMap(\.self)).sorted() {
            expect(name, "'state'", in: "state")
        }
    }

    private func checkCycles() {
        var finished: Set<String> = []
        for component in topology.components { _ = visit(component.name, [], &finished) }
    }

    private func visit(_ name: String, _ trail: [String], _ finished: inout Set<String>) -> Bool {
        if let start = trail.firstIndex(of: name) {
            report(
                "components need each other in a circle: \((trail[start...] + [name]).joined(separator: " -> "))",
                marks[name]
            )
            return true
        }
        guard !finished.contains(name) else { return false }
        for next in topology.component(name)?.needs ?? [] where visit(next, trail + [name], &finished) { break }
        finished.insert(name)
        return false
    }

    private func expect(_ name: String, _ subject: String, in key: String) {
        expect(name, subject, at: top.mark(of: key))
    }

    private func expect(_ name: String, _ subject: String, at mark: YAMLMark?) {
        guard topology.component(name) == nil else { return }
        let near = Spelling.nearest(to: name, among: topology.components.map(\.name))
        top.sink.report(
            "\(subject) names '\(name)', which is no component",
            at: mark,
            hint: near.map { "did you mean '\($0)'?" }
        )
    }

    private func report(_ message: String, _ mark: YAMLMark?) {
        top.sink.report(message, at: mark)
    }
}
