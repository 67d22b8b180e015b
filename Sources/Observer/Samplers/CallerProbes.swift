internal import OpsModel

/// Finds in a metrics page what its process found out about those it needs.
struct CallerProbes: Sendable {
    let map: TargetMap

    /// The latest end of each probe that the topology expects from this instance's component.
    func probes(in scrape: Scrape, from instance: String, at tick: Tick) -> [ProbePath: Sampled<ProbeOutcome>] {
        let component = map.owner(ofInstance: instance)?.name ?? instance
        let targets = map.probes.filter { $0.from.contains(component) }.map(\.target)
        var found: [ProbePath: Sampled<ProbeOutcome>] = [:]
        for target in targets {
            guard let word = scrape.word(MetricName.probeResult, label: "result", ["target": target]) else { continue }
            let latency = scrape.value(MetricName.probeLatency, ["target": target]).map { $0 * 1_000 }
            let checked = scrape.value(MetricName.probeChecked, ["target": target])
            let path = ProbePath(target: target, part: part(of: target, scrape), from: instance)
            found[path] = Sampled(
                value: ProbeOutcome(result: word, latencyMs: latency),
                at: checked.map { Timestamp(secondsSinceEpoch: $0) } ?? tick.at,
                isStarved: tick.isStarved
            )
        }
        return found
    }

    /// Callers ask the alternative of a provider that they use.
    private func part(of target: String, _ scrape: Scrape) -> String? {
        guard map.component(target)?.kind == "provider" else { return nil }
        return scrape.word(MetricName.active(target), label: "provider")
    }
}
