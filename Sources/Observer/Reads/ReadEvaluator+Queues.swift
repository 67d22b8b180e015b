internal import OpsModel

extension ReadEvaluator {
    func queue(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        let found = pages(ReadScope(query, map: map))
        guard let page = found.first(where: { $0.value(MetricName.queueDepth) != nil }) else {
            return silent(query, found, MetricName.queueDepth)
        }
        let started = page.value(MetricName.queueLastStarted).flatMap { $0 > 0 ? now.secondsSinceEpoch - $0 : nil }
        let fields: [String: JSONValue] = [
            "depth": page.value(MetricName.queueDepth).map(count) ?? .null,
            "oldest_s": json(page.value(MetricName.queueOldest)),
            "job": page.value(MetricName.queueLastJob).map(count) ?? .null,
            "attempts": page.value(MetricName.queueLastAttempt).map(count) ?? .null,
            "age": json(started), "instance": .string(page.instance.name),
        ]
        let (value, unit) = queueValue(name, fields)
        return ok(query, value, unit: unit, at: page.newest.at, isStarved: page.newest.isStarved, fields: fields)
    }

    private func queueValue(_ name: ReadName, _ fields: [String: JSONValue]) -> (JSONValue, String?) {
        switch name {
        case .queueDepth: (fields["depth"] ?? .null, "count")
        case .queueOldest: (fields["oldest_s"] ?? .null, "s")
        case .queueAttempts: (fields["attempts"] ?? .null, "count")
        default: (fields["job"] ?? .null, nil)
        }
    }
}
