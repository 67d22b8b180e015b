internal import OpsModel

extension ReadEvaluator {
    /// The process that works the queue tells of it; while it is away, or of what it does not know, the database does.
    func queue(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        if name == .queueMostTried { return mostTried(query) }
        let found = pages(ReadScope(query, map: map))
        guard let page = found.first(where: { $0.value(MetricName.queueDepth) != nil }) else {
            return stored(name, query) ?? silent(query, found, MetricName.queueDepth)
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

    /// The same from the rows of the queue, where they were looked at lately.
    private func stored(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer? {
        guard let sample = queueSample(query), isFresh(sample.at) else { return nil }
        let queue = sample.value
        let fields: [String: JSONValue] = [
            "depth": .int(queue.depth), "oldest_s": json(queue.oldestS),
            "job": queue.lastStarted.map { .int($0.id) } ?? .null,
            "attempts": queue.lastStarted.map { .int($0.attempts) } ?? .null, "age": json(queue.lastStarted?.ageS),
        ]
        let (value, unit) = queueValue(name, fields)
        return ok(query, value, unit: unit, at: sample.at, isStarved: sample.isStarved, fields: fields)
    }

    private func mostTried(_ query: ReadQuery) -> ReadAnswer {
        guard map.queue != nil else { return unsupported(query, "the topology declares no queue in a database") }
        guard let sample = queueSample(query), isFresh(sample.at) else {
            let reason = world.postgres.queueFailure ?? world.postgres.failure?.value
            return unknown(query, reason ?? "the queue was not looked at lately", at: world.postgres.queue?.at)
        }
        let job = sample.value.mostTried
        return ok(
            query,
            job.map { .int($0.id) } ?? .null,
            at: sample.at,
            isStarved: sample.isStarved,
            fields: [
                "attempts": .int(job?.attempts ?? 0), "kind": json(job?.kind), "age": json(job?.ageS),
            ]
        )
    }

    /// Nil for a component that works no declared queue.
    private func queueSample(_ query: ReadQuery) -> Sampled<QueueFact>? {
        guard let queue = map.queue, query.component == nil || query.component == queue.component else { return nil }
        return world.postgres.queue
    }
}
