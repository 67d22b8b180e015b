internal import OpsModel

/// Finds in a metrics page what its process found out about those it needs.
struct CallerProbes: Sendable {
    let map: TargetMap

    /// The latest end of each probe that the topology expects from this instance's component.
    func probes(in scrape: Scrape, from instance: String, at tick: Tick) -> [ProbePath: Sampled<ProbeOutcome>] {
        let component = map.owner(ofInstance: instance)?.name ?? instance
        let targets = map.probes.filter { $0.from.contains(component) }.map(\.target)
        var found: [ProbePath: Sampled<ProbeOutcome>] = [:]
        for (target, path) in targets.flatMap({ paths(of: $0, scrape, from: instance) }) {
            guard let word = scrape.word(MetricName.probeResult, label: "result", ["target": target]) else { continue }
            let latency = scrape.value(MetricName.probeLatency, ["target": target]).map { $0 * 1_000 }
            let checked = scrape.value(MetricName.probeChecked, ["target": target])
            found[path] = Sampled(
                value: ProbeOutcome(result: word, latencyMs: latency),
                at: checked.map { Timestamp(secondsSinceEpoch: $0) } ?? tick.at,
                isStarved: tick.isStarved
            )
        }
        return found
    }

    /// The probes of a target by the name that the page gives them: `payments` is the alternative in use, and one that is not
    /// may be asked, too, as `payments/fallback`.
    private func paths(of target: String, _ scrape: Scrape, from instance: String) -> [(String, ProbePath)] {
        let active = part(of: target, scrape)
        let others = (map.component(target)?.providers ?? []).map(\.name).filter { $0 != active }
        return [(target, ProbePath(target: target, part: active, from: instance))]
            + others.map { ("\(target)/\($0)", ProbePath(target: target, part: $0, from: instance)) }
    }

    /// Callers ask the alternative of a provider that they use.
    private func part(of target: String, _ scrape: Scrape) -> String? {
        guard map.component(target)?.kind == "provider" else { return nil }
        return scrape.word(MetricName.active(target), label: "provider")
    }
}
