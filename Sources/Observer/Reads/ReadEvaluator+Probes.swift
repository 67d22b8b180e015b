internal import OpsModel

extension ReadEvaluator {
    /// One probe as an answer shows it.
    private struct Shown {
        var path: ProbePath
        var history: ProbeHistory
        var fromComponent: String
        var isActive: Bool
        var sample: Sampled<ProbeOutcome> { history.newest }
    }

    func probe(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        let shown = probes(query)
        guard !shown.isEmpty else { return noProbe(query) }
        let fresh = shown.filter { isFresh($0.sample.at) }
        guard !fresh.isEmpty else { return unknown(query, "no probe ended lately", at: shown.map(\.sample.at).max()) }
        let deciding = fresh.filter(\.isActive)
        return name == .probeResult ? results(name, query, fresh, deciding) : latencies(name, query, fresh, deciding)
    }

    private func noProbe(_ query: ReadQuery) -> ReadAnswer {
        let target = query.component.flatMap { map.component($0) }
        if target?.kind == "directory" { return unsupported(query, "a directory answers no probe") }
        return unknown(query, "no probe of \(query.component ?? "anything") has ended yet")
    }

    private func probes(_ query: ReadQuery) -> [Shown] {
        let scope = ReadScope(
            ReadQuery(read: query.read, component: query.component, instance: query.instance),
            map: map
        )
        return world.probes.compactMap { path, history -> Shown? in
            guard scope.subject == nil || scope.subject?.name == path.target else { return nil }
            if let instance = scope.instance, path.part != instance { return nil }
            let from = map.owner(ofInstance: path.from)?.name ?? path.from
            let view = Shown(path: path, history: history, fromComponent: from, isActive: isActive(path))
            return query.selector.allSatisfy { matches(view, $0) } ? view : nil
        }.sorted {
            ($0.path.target, $0.path.part ?? "", $0.path.from) < ($1.path.target, $1.path.part ?? "", $1.path.from)
        }
    }

    /// A selector word names a vantage point: `observer`, `callers`, a component or instance; or an alternative of a provider.
    private func matches(_ shown: Shown, _ word: String) -> Bool {
        switch word {
        case "callers", "caller": shown.path.from != "observer"
        case "active": shown.isActive
        default: [shown.path.from, shown.fromComponent, shown.path.part].contains(word)
        }
    }

    /// Of a provider's alternatives only the one in use decides what its users feel.
    private func isActive(_ path: ProbePath) -> Bool {
        guard let part = path.part, map.component(path.target)?.kind == "provider" else { return true }
        return activeProvider(of: path.target).map { $0 == part } ?? true
    }

    /// The alternative in use, as the callers say.
    func activeProvider(of component: String) -> String? {
        map.callers(of: component).flatMap(\.instances).compactMap { instance -> String? in
            world.scrapes[instance.name]?.newest?.value.word(MetricName.active(component), label: "provider")
        }.first
    }

    private func results(_ name: ReadName, _ query: ReadQuery, _ fresh: [Shown], _ deciding: [Shown]) -> ReadAnswer {
        let all = deciding.isEmpty ? fresh : deciding
        let failing = all.filter { $0.sample.value.result != ProbeWord.ok.rawValue }
        let word = (failing.first ?? all.first)?.sample.value.result ?? ProbeWord.ok.rawValue
        let observer = all.first { $0.path.from == "observer" }?.sample.value.result
        let callers = all.filter { $0.path.from != "observer" }.map(\.sample.value.result)
        return ok(
            query,
            .string(word),
            at: all.map(\.sample.at).max() ?? now,
            isStarved: all.contains(where: \.sample.isStarved),
            fields: [
                "observer": json(observer), "callers": json(callers.first { $0 != "ok" } ?? callers.first),
                "agree": .bool(Set(all.map(\.sample.value.result)).count == 1),
                "failing": .int(failing.count), "asked": .int(all.count),
            ],
            rows: fresh.map { row($0, name) }
        )
    }

    private func latencies(_ name: ReadName, _ query: ReadQuery, _ fresh: [Shown], _ deciding: [Shown]) -> ReadAnswer {
        let all = deciding.isEmpty ? fresh : deciding
        guard let slowest = all.max(by: { ($0.sample.value.latencyMs ?? 0) < ($1.sample.value.latencyMs ?? 0) }) else {
            return unknown(query, "no probe ended lately")
        }
        let observer = all.first { $0.path.from == "observer" }?.sample.value.latencyMs
        let callers = all.filter { $0.path.from != "observer" }.compactMap(\.sample.value.latencyMs).max()
        // An alternative that is not in use is asked on the same way, and tells as much of it.
        let peers = fresh.filter { $0.fromComponent == slowest.fromComponent && $0.path.from != slowest.path.from }
        return ok(
            query,
            json(slowest.sample.value.latencyMs),
            unit: "ms",
            at: slowest.sample.at,
            isStarved: all.contains(where: \.sample.isStarved),
            fields: [
                "observer": json(observer), "callers": json(callers),
                "peers_s": json(peers.compactMap(\.history.slowestMs).max().map { $0 / 1_000 }),
                "baseline": json(world.baselines.usual(BaselineFigure.probe(slowest.path))),
                "ratio": json(
                    world.baselines.ratio(BaselineFigure.probe(slowest.path), slowest.sample.value.latencyMs)
                ),
            ],
            rows: fresh.map { row($0, name) }
        )
    }

    private func row(_ shown: Shown, _ name: ReadName) -> JSONValue {
        let outcome = shown.sample.value
        let isInstance = shown.path.part.map { map.owner(ofInstance: $0) != nil } ?? false
        return [
            "value": name == .probeResult ? .string(outcome.result) : json(outcome.latencyMs),
            "target": .string(shown.path.target), "part": json(shown.path.part), "from": .string(shown.path.from),
            "instance": isInstance ? json(shown.path.part) : .null, "answer": .string(outcome.result),
            "latency_ms": json(shown.sample.value.latencyMs),
            "code": json(shown.sample.value.code), "active": .bool(shown.isActive),
            "age_s": json(max(0, now - shown.sample.at)),
        ]
    }
}
