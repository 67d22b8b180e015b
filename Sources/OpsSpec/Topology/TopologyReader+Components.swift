internal import OpsYAML

extension TopologyReader {
    mutating func readComponents(_ top: inout YAMLMapping) -> [Component] {
        guard let all = top.required("components").flatMap({ YAMLMapping($0, "'components'", sink) }) else { return [] }
        for pair in all.pairs { componentMarks[pair.key] = pair.keyMark }
        return all.pairs.compactMap(readComponent)
    }

    private func readComponent(_ pair: YAMLPair) -> Component? {
        guard var node = YAMLMapping(pair.value, "component \(pair.key)", sink) else { return nil }
        guard let kind = readKind(&node) else { return nil }
        checkName(pair)
        var component = Component(name: pair.key, kind: kind)
        switch kind {
        case .http, .worker, .batch: readProcess(&node, &component)
        case .postgres: readPostgres(&node, &component)
        case .provider: component.active = node.requiredString("active", hint: "the setting that names the one in use")
        case .directory: readDirectory(&node, &component)
        case .external: component.url = node.requiredString("url")
        }
        component.config = node.string("config")
        if kind == .external { component.needs = [] } else { component.needs = node.strings("needs") ?? [] }
        node.finish()
        return component
    }

    private func readKind(_ node: inout YAMLMapping) -> ComponentKind? {
        guard let text = node.requiredString("kind", hint: kindHint) else { return nil }
        if let kind = ComponentKind(rawValue: text) { return kind }
        let near = Spelling.nearest(to: text, among: ComponentKind.allCases.map(\.rawValue))
        let hint = near.map { "did you mean '\($0)'?" } ?? kindHint
        sink.report("\(node.subject) has the unknown kind '\(text)'", at: node.mark(of: "kind"), hint: hint)
        return nil
    }

    private var kindHint: String { "one of: \(ComponentKind.allCases.map(\.rawValue).joined(separator: ", "))" }

    private func checkName(_ pair: YAMLPair) {
        let isPlain = pair.key.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95
        }
        guard !isPlain || pair.key == "observer" else { return }
        sink.report(
            "a component cannot be called '\(pair.key)'",
            at: pair.keyMark,
            hint: "small letters, digits, '-' and '_'; 'observer' is taken"
        )
    }

    private func readProcess(_ node: inout YAMLMapping, _ component: inout Component) {
        component.instances = node.int("instances", in: 1...16) ?? 1
        component.port = node.int("port", in: 1...65_535)
        component.drains = node.string("drains")
        component.isShedding = node.bool("sheds") ?? false
        component.hosts = node.string("hosts")
        component.queue = node.string("queue")
        component.every = duration(&node, "every")
        component.isPausable = node.bool("pausable") ?? false
        if component.isPausable, component.kind != .batch {
            sink.report("only a batch component can be pausable", at: node.mark(of: "pausable"))
        }
        if let restart = node.string("restart") {
            component.restartsOnFailure = restart == "on-failure"
            if !["on-failure", "never"].contains(restart) {
                sink.report("'restart' is on-failure or never", at: node.mark(of: "restart"))
            }
        }
        guard var limits = node.mapping("limits") else { return }
        component.memoryLimit = size(&limits, "memory")
        component.descriptorLimit = limits.int("fds", in: 16...1_000_000)
        limits.finish()
    }

    private func readPostgres(_ node: inout YAMLMapping, _ component: inout Component) {
        component.port = node.int("port", in: 1...65_535)
        component.database = node.requiredString("database")
        component.admin = node.string("admin")
        component.migrate = node.strings("migrate") ?? []
        if let admin = component.admin, !admin.hasPrefix("secret:") {
            sink.report("'admin' names a secret, never a password: secret:NAME", at: node.mark(of: "admin"))
        }
    }

    private func readDirectory(_ node: inout YAMLMapping, _ component: inout Component) {
        component.path = node.requiredString("path")
        component.usedBy = node.strings("used_by") ?? []
        component.isRebuildable = node.bool("rebuildable") ?? false
        component.quota = size(&node, "quota")
        component.disposable = node.strings("disposable") ?? []
        let parts = component.path?.split(separator: "/") ?? []
        if component.path?.hasPrefix("/") == true || parts.contains("..") {
            sink.report("'path' of \(node.subject) stays below the system's own directory", at: node.mark(of: "path"))
        }
    }

    func readProviders(_ top: inout YAMLMapping, into topology: inout Topology) {
        guard let all = top.mapping("providers") else { return }
        for pair in all.pairs {
            guard let index = topology.components.firstIndex(where: { $0.name == pair.key && $0.kind == .provider })
            else {
                sink.report("'\(pair.key)' is no component of kind provider", at: pair.keyMark)
                continue
            }
            guard let alternatives = YAMLMapping(pair.value, "provider \(pair.key)", sink) else { continue }
            topology.components[index].providers = alternatives.pairs.compactMap(readProvider)
        }
    }

    private func readProvider(_ pair: YAMLPair) -> Component.Provider? {
        guard var node = YAMLMapping(pair.value, "provider \(pair.key)", sink) else { return nil }
        defer { node.finish() }
        guard let url = node.requiredString("url", hint: "the setting that holds its address") else { return nil }
        return Component.Provider(
            name: pair.key,
            url: url,
            probe: node.string("probe") ?? "/health",
            account: node.string("account"),
            costs: node.string("costs")
        )
    }
}
