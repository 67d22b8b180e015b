internal import OpsModel

/// Picks from a world what is kept for later: once a second, and only what changed since the last time.
struct TelemetryDigest: Sendable {
    let map: TargetMap
    private var since: Timestamp

    init(map: TargetMap, since: Timestamp) {
        self.map = map
        self.since = since
    }

    /// The figures whose samples are newer than those of the last call.
    mutating func samples(of world: World, now: Timestamp) -> [TelemetrySample] {
        defer { since = now }
        return journeys(world, now) + probes(world) + pools(world) + database(world) + processes(world)
    }

    private func journeys(_ world: World, _ now: Timestamp) -> [TelemetrySample] {
        map.journeys.compactMap { world.journeys[$0.name] }.flatMap { watch in
            watch.series.between(since + -ObservedBucket.seconds, now).filter { $0.end > since && $0.end <= now }
                .flatMap { observed in
                    let figures = [
                        ("journey.good", Double(observed.bucket.good), "count"),
                        ("journey.bad", Double(observed.bucket.bad), "count"),
                        ("journey.p99", observed.bucket.p99Ms, "ms"),
                    ]
                    return figures.map { metric, value, unit in
                        TelemetrySample(
                            at: observed.bucket.from,
                            component: watch.name,
                            metric: metric,
                            value: value,
                            unit: unit,
                            vantage: "customer",
                            isStarved: observed.isStarved
                        )
                    }
                }
        }
    }

    private func probes(_ world: World) -> [TelemetrySample] {
        world.probes.mapValues(\.newest).filter { $0.value.at > since }.map { path, sample in
            TelemetrySample(
                at: sample.at,
                component: path.target,
                instance: path.part ?? "",
                metric: "probe.\(sample.value.result)",
                value: sample.value.latencyMs ?? 0,
                unit: "ms",
                vantage: path.from,
                isStarved: sample.isStarved
            )
        }
    }

    private func pools(_ world: World) -> [TelemetrySample] {
        world.scrapes.flatMap { instance, history -> [TelemetrySample] in
            guard let newest = history.newest, newest.at > since else { return [] }
            let component = map.owner(ofInstance: instance)?.name ?? instance
            return [(MetricName.poolInUse, "pool.in_use"), (MetricName.poolWaiting, "pool.waiting")]
                .compactMap { source, metric in
                    newest.value.value(source).map { value in
                        TelemetrySample(
                            at: newest.at,
                            component: component,
                            instance: instance,
                            metric: metric,
                            value: value,
                            unit: "count",
                            isStarved: newest.isStarved
                        )
                    }
                }
        }
    }

    private func database(_ world: World) -> [TelemetrySample] {
        guard let sample = world.postgres.activity, sample.at > since, let name = map.databaseComponent?.name else {
            return []
        }
        let blockers = Double(sample.value.rootBlockers.count)
        return [("pg.used", Double(sample.value.used)), ("pg.blockers", blockers)].map { metric, value in
            TelemetrySample(
                at: sample.at,
                component: name,
                metric: metric,
                value: value,
                unit: "count",
                isStarved: sample.isStarved
            )
        }
    }

    private func processes(_ world: World) -> [TelemetrySample] {
        world.processes.compactMap { instance, history in
            guard let newest = history.newest, newest.at > since else { return nil }
            return TelemetrySample(
                at: newest.at,
                component: map.owner(ofInstance: instance)?.name ?? instance,
                instance: instance,
                metric: "process.rss",
                value: Double(newest.value.rssBytes),
                unit: "bytes",
                isStarved: newest.isStarved
            )
        }
    }
}
