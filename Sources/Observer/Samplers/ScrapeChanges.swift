internal import OpsModel

/// Finds the changes that two metrics pages of one instance show: flags, schema, configuration.
struct ScrapeChanges: Sendable {
    let component: MappedComponent
    let instance: MappedInstance

    /// Events that nobody reported yet; several instances see the same flag.
    func between(_ old: Scrape?, _ new: Scrape, at now: Timestamp, seen: [ChangeEvent]) -> [ChangeEvent] {
        guard let old else { return [] }
        let found = flags(old, new) + schema(old, new, now) + configuration(old, new, now)
        return found.filter { event in
            !seen.contains { $0.kind == event.kind && $0.detail == event.detail && abs($0.at - event.at) < 5 }
        }
    }

    private func flags(_ old: Scrape, _ new: Scrape) -> [ChangeEvent] {
        new.all(MetricName.flagChanged).compactMap { sample in
            guard let flag = sample.labels["flag"], let before = old.value(MetricName.flagChanged, ["flag": flag]),
                before != sample.value
            else { return nil }
            let state = new.value(MetricName.flagEnabled, ["flag": flag]) == 1 ? "on" : "off"
            return ChangeEvent(
                kind: "flags",
                components: [component.name],
                at: Timestamp(secondsSinceEpoch: sample.value),
                detail: "flag \(flag) is \(state)",
                flag: flag,
                was: old.value(MetricName.flagEnabled, ["flag": flag]).map { $0 == 1 }
            )
        }
    }

    private func schema(_ old: Scrape, _ new: Scrape, _ now: Timestamp) -> [ChangeEvent] {
        guard let before = old.value(MetricName.schemaVersion), let after = new.value(MetricName.schemaVersion),
            before != after
        else { return [] }
        let detail = "schema version \(Int(before)) became \(Int(after))"
        return [ChangeEvent(kind: "migrations", at: now, detail: detail)]
    }

    private func configuration(_ old: Scrape, _ new: Scrape, _ now: Timestamp) -> [ChangeEvent] {
        guard let before = old.all(MetricName.info).first?.labels["config_hash"],
            let after = new.all(MetricName.info).first?.labels["config_hash"], before != after
        else { return [] }
        return [
            ChangeEvent(
                kind: "config",
                components: [component.name],
                instance: instance.name,
                at: now,
                detail: "\(instance.name) loaded configuration \(after) instead of \(before)"
            )
        ]
    }
}
