internal import OpsModel

extension ReadEvaluator {
    func pool(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        let found = pages(poolScope(query)).filter { $0.value(MetricName.poolMax) != nil }
        guard !found.isEmpty else { return silent(query, pages(poolScope(query)), MetricName.poolMax) }
        let sum = { (metric: String) in found.reduce(0) { $0 + ($1.value(metric) ?? 0) } }
        let parts = [
            "in_use": sum(MetricName.poolInUse), "waiting": sum(MetricName.poolWaiting), "max": sum(MetricName.poolMax),
        ]
        let key = String(name.rawValue.dropFirst("pool.".count))
        var fields = parts.mapValues(count)
        let limit = parts["max"] ?? 0
        fields["ratio"] = json(limit > 0 ? (parts["in_use"] ?? 0) / limit : 0)
        fields["fullest"] = json(found.max { fill($0) < fill($1) }?.instance.name)
        return ok(
            query,
            count(parts[key] ?? 0),
            unit: "count",
            at: newest(found),
            isStarved: found.contains(where: \.newest.isStarved),
            fields: fields,
            rows: found.map { row($0, key) }
        )
    }

    /// The pools of a database or provider are those of its callers.
    private func poolScope(_ query: ReadQuery) -> ReadScope {
        var scope = ReadScope(query, map: map, standard: query.selector.isEmpty ? nil : map.databaseComponent)
        if let subject = scope.subject, subject.instances.isEmpty || subject.kind == "postgres", scope.relation == nil,
            scope.components.map(\.name) == [subject.name]
        {
            scope.components = map.callers(of: subject.name)
        }
        return scope
    }

    private func fill(_ page: ScrapedPage) -> Double {
        let used = (page.value(MetricName.poolInUse) ?? 0) + (page.value(MetricName.poolWaiting) ?? 0)
        return used / max(1, page.value(MetricName.poolMax) ?? 1)
    }

    private func row(_ page: ScrapedPage, _ key: String) -> JSONValue {
        let used = page.value(MetricName.poolInUse) ?? 0
        let waiting = page.value(MetricName.poolWaiting) ?? 0
        let limit = page.value(MetricName.poolMax) ?? 0
        let value = key == "in_use" ? used : key == "waiting" ? waiting : limit
        return [
            "component": .string(page.component.name), "instance": .string(page.instance.name), "value": count(value),
            "used": count(used), "queued": count(waiting), "limit": count(limit),
            "ratio": json(limit > 0 ? used / limit : 0),
        ]
    }
}
