internal import OpsHTTP
internal import OpsModel
internal import OpsService

/// Reads the metrics page of every declared instance, and the probes that the instances make from their side.
struct MetricsSampler: Sendable {
    let map: TargetMap
    let http: HTTPClient
    let store: WorldStore
    let metrics: ObserverMetrics

    /// Third parties are not asked for metrics: they are not ours to look into.
    private var instances: [(component: MappedComponent, instance: MappedInstance, url: String)] {
        map.components.filter { ["http", "worker", "batch"].contains($0.kind) }.flatMap { component in
            component.instances.compactMap { instance in instance.url.map { (component, instance, $0) } }
        }
    }

    func sample(_ tick: Tick) async {
        await withTaskGroup(of: Void.self) { group in
            for (component, instance, url) in instances {
                group.addTask { await scrape(component, instance, url, tick) }
            }
        }
    }

    private func scrape(_ component: MappedComponent, _ instance: MappedInstance, _ url: String, _ tick: Tick) async {
        do {
            let request = HTTPClientRequest(url: "\(url)/metrics", timeout: .milliseconds(900), retries: 0)
            let response = try await http.send(request)
            guard response.isSuccess else { return fail(instance, "status \(response.status)", tick) }
            let (samples, _) = MetricsText(prefix: MetricName.prefix(of: map.system), known: MetricName.prefix).samples(
                in: response.body
            )
            keep(Scrape(samples), of: instance, component, tick)
        } catch {
            fail(instance, ProbeWord(error).rawValue, tick)
        }
    }

    private func fail(_ instance: MappedInstance, _ word: String, _ tick: Tick) {
        metrics.failures.add(1, ["metrics"])
        store.update { world in
            let failure = Sampled(value: word, at: tick.at, isStarved: tick.isStarved)
            world.scrapes[instance.name, default: ScrapeHistory()].lastFailure = failure
        }
    }

    private func keep(_ scrape: Scrape, of instance: MappedInstance, _ component: MappedComponent, _ tick: Tick) {
        let probes = CallerProbes(map: map).probes(in: scrape, from: instance.name, at: tick)
        let changes = ScrapeChanges(component: component, instance: instance)
        store.update { world in
            let before = world.scrapes[instance.name]?.newest?.value
            for event in changes.between(before, scrape, at: tick.at, seen: world.changes.events) {
                world.changes.append(event)
            }
            let sample = Sampled(value: scrape, at: tick.at, isStarved: tick.isStarved)
            world.scrapes[instance.name, default: ScrapeHistory()].append(sample)
            for (path, outcome) in probes { world.note(outcome, at: path) }
        }
    }
}
