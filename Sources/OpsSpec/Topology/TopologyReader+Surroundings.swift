internal import OpsYAML

extension TopologyReader {
    func readProbes(_ top: inout YAMLMapping) -> [Probe] {
        guard let all = top.mapping("probes") else { return [] }
        return all.pairs.compactMap { pair in
            guard var node = YAMLMapping(pair.value, "probe \(pair.key)", sink) else { return nil }
            defer { node.finish() }
            let sql = node.string("sql").map(Probe.Question.sql)
            let http = node.string("http").map(Probe.Question.http)
            if (sql == nil) == (http == nil) {
                sink.report("\(node.subject) asks either 'sql' or 'http'", at: node.mark)
            }
            let from = node.strings("from") ?? ["observer"]
            if from.count < 2 {
                sink.report(
                    "\(node.subject) needs two vantage points",
                    at: node.mark(of: "from"),
                    hint: "from: [observer, CALLER]; with one, a broken link and a dead server look the same"
                )
            }
            let timeout = duration(&node, "timeout") ?? .seconds(1)
            return Probe(target: pair.key, question: sql ?? http ?? .http("/"), from: from, timeout: timeout)
        }
    }

    func readLogs(_ top: inout YAMLMapping) -> LogFormat {
        var logs = LogFormat(format: "json", component: "service", code: [], trace: nil)
        guard var node = top.mapping("logs") else { return logs }
        logs.format = node.string("format") ?? "json"
        if logs.format != "json" { sink.report("'format' of the logs can only be json", at: node.mark(of: "format")) }
        logs.component = node.string("component") ?? "service"
        logs.code = node.strings("code") ?? []
        logs.trace = node.string("trace")
        node.finish()
        return logs
    }

    func readConfig(_ top: inout YAMLMapping) -> [ConfigSource] {
        guard let all = top.mapping("config") else { return [] }
        return all.pairs.compactMap { pair in
            guard var node = YAMLMapping(pair.value, "config \(pair.key)", sink) else { return nil }
            defer { node.finish() }
            let reload = node.string("reload") ?? "live"
            if !["restart", "live"].contains(reload) {
                sink.report("'reload' is restart or live", at: node.mark(of: "reload"))
            }
            return ConfigSource(
                name: pair.key,
                reload: reload,
                history: node.int("history", in: 0...1_000) ?? 0,
                secrets: node.mapping("secrets")?.pairs.compactMap(readSecret) ?? [],
                settable: node.mapping("settable")?.pairs.compactMap(readSetting) ?? []
            )
        }
    }

    private func readSecret(_ pair: YAMLPair) -> ConfigSource.Secret? {
        guard var node = YAMLMapping(pair.value, "secret \(pair.key)", sink) else { return nil }
        defer { node.finish() }
        let word = node.requiredString("is") ?? ""
        guard let use = ConfigSource.Use(rawValue: word) else {
            let known = ConfigSource.Use.allCases.map(\.rawValue).joined(separator: ", ")
            if !word.isEmpty { sink.report("'is' of \(node.subject) is one of: \(known)", at: node.mark(of: "is")) }
            return nil
        }
        let key = use == .postgresPassword ? "of" : "with"
        let role = node.string("role")
        if use == .postgresPassword, role == nil { sink.report("\(node.subject) needs 'role'", at: node.mark) }
        return ConfigSource.Secret(key: pair.key, use: use, component: node.requiredString(key) ?? "", role: role)
    }

    private func readSetting(_ pair: YAMLPair) -> ConfigSource.Setting? {
        if let items = pair.value.sequence {
            return ConfigSource.Setting(key: pair.key, envelope: .choices(items.compactMap(\.scalar?.text)))
        }
        let text = pair.value.scalar?.text ?? ""
        if let dots = text.firstRange(of: ".."), let low = Quantity(text[..<dots.lowerBound]),
            let high = Quantity(text[dots.upperBound...]), low.unit == high.unit, low.value <= high.value
        {
            return ConfigSource.Setting(key: pair.key, envelope: .range(low, high))
        }
        sink.report(
            "'\(pair.key)' may take a range such as 4..32 or 500ms..10s, or a list of values",
            at: pair.value.mark
        )
        return nil
    }

    func readChanges(_ top: inout YAMLMapping) -> [ChangeKind] {
        guard let items = top.list("changes") else { return [] }
        return items.compactMap { item in
            if let kind = item.scalar.flatMap({ ChangeKind(rawValue: $0.text) }) { return kind }
            let known = ChangeKind.allCases.map(\.rawValue).joined(separator: ", ")
            sink.report("a kind of change is one of: \(known)", at: item.mark)
            return nil
        }
    }

    func readLimits(_ top: inout YAMLMapping) -> Limits {
        var limits = Limits(actionsPerIncident: 4, downtimePerHour: .seconds(30), restoreNeeds: "approval")
        guard var node = top.mapping("limits") else { return limits }
        limits.actionsPerIncident = node.int("actions_per_incident", in: 0...100) ?? 4
        limits.downtimePerHour = duration(&node, "downtime_per_hour") ?? .seconds(30)
        limits.restoreNeeds = node.string("restore_needs") ?? "approval"
        node.finish()
        return limits
    }

    func readChaos(_ top: inout YAMLMapping) -> ChaosScope {
        var chaos = ChaosScope(scope: [], atMost: 1, longest: .seconds(600))
        guard var node = top.mapping("chaos") else { return chaos }
        chaos.scope = node.strings("scope") ?? []
        chaos.atMost = node.int("at_most", in: 0...16) ?? 1
        chaos.longest = duration(&node, "longest") ?? .seconds(600)
        for pair in node.mapping("caps")?.pairs ?? [] {
            guard let fault = YAMLMapping(pair.value, "cap of \(pair.key)", sink) else { continue }
            chaos.caps[pair.key] = readCaps(fault)
        }
        node.finish()
        return chaos
    }

    /// Whether there are such faults and parameters only the injector knows.
    private func readCaps(_ fault: YAMLMapping) -> [String: Double] {
        fault.pairs.reduce(into: [:]) { caps, pair in
            guard let most = pair.value.scalar?.double, most.isFinite else {
                return sink.report("'\(pair.key)' of the \(fault.subject) must be a number", at: pair.value.mark)
            }
            caps[pair.key] = most
        }
    }

    func readState(_ top: inout YAMLMapping) -> WorldState {
        var state = WorldState(flags: nil, jobs: nil, quarantine: nil, rows: [], snapshots: nil)
        guard var node = top.mapping("state") else { return state }
        if var flags = node.mapping("flags") { state.flags = readTable(&flags) }
        if var jobs = node.mapping("jobs") {
            state.quarantine = jobs.string("quarantine")
            state.jobs = readTable(&jobs)
        }
        if var rows = node.mapping("rows") {
            let database = rows.requiredString("in") ?? ""
            state.rows = (rows.strings("tables") ?? []).map { WorldState.Table(database: database, table: $0) }
            rows.finish()
        }
        if var snapshots = node.mapping("snapshots") { state.snapshots = readSnapshots(&snapshots) }
        node.finish()
        return state
    }

    private func readTable(_ node: inout YAMLMapping) -> WorldState.Table? {
        defer { node.finish() }
        guard let database = node.requiredString("in"), let table = node.requiredString("table") else { return nil }
        return WorldState.Table(database: database, table: table)
    }

    private func readSnapshots(_ node: inout YAMLMapping) -> WorldState.Snapshots {
        defer { node.finish() }
        return WorldState.Snapshots(
            database: node.requiredString("of") ?? "",
            every: duration(&node, "every") ?? .seconds(60),
            keep: node.int("keep", in: 1...1_000) ?? 5
        )
    }
}
