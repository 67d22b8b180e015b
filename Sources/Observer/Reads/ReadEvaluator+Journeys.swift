internal import OpsModel

extension ReadEvaluator {
    func journey(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        let watches = asked(query).compactMap { world.journeys[$0] }.sorted { $0.name < $1.name }
        let window = ReadScope(query, map: map).window ?? 5
        let statuses = watches.map { $0.status(seconds: window, now: now) }.filter { $0.good + $0.bad > 0 }
        guard !statuses.isEmpty else { return unknown(query, "no requests of customers in the last \(window) s") }
        switch name {
        case .journeyP99: return latency(query, statuses)
        case .journeyFailuresBy: return failures(query, watches, window)
        default: return goodRatio(query, statuses)
        }
    }

    /// Journeys that a question names as component, selector or parameter; all when it names none.
    private func asked(_ query: ReadQuery) -> [String] {
        let words = [query.component, query.parameters["journey"]?.stringValue].compactMap { $0 } + query.selector
        let named = words.filter(isJourney)
        return named.isEmpty ? map.journeys.map(\.name) : named
    }

    private func goodRatio(_ query: ReadQuery, _ statuses: [JourneyStatus]) -> ReadAnswer {
        // The worst journey is the one that is furthest beyond its own objective.
        guard let worst = statuses.max(by: { ($0.burn ?? 0) < ($1.burn ?? 0) }) else {
            return unknown(query, "no journeys")
        }
        return ok(
            query,
            json(worst.ratio),
            unit: "ratio",
            at: worst.at,
            isStarved: statuses.contains(where: \.isStarved),
            fields: fields(worst),
            rows: statuses.map { .object(fields($0)) }
        )
    }

    private func latency(_ query: ReadQuery, _ statuses: [JourneyStatus]) -> ReadAnswer {
        guard let worst = statuses.max(by: { ($0.p99Ms ?? 0) < ($1.p99Ms ?? 0) }) else {
            return unknown(query, "no journeys")
        }
        return ok(
            query,
            json(worst.p99Ms),
            unit: "ms",
            at: worst.at,
            isStarved: statuses.contains(where: \.isStarved),
            // Beside a latency `ratio` means against the baseline; the good share is `good_ratio` here.
            fields: fields(worst).merging([
                "ratio": json(world.baselines.ratio(BaselineFigure.journeyP99(worst.journey), worst.p99Ms)),
                "good_ratio": json(worst.ratio),
            ]) { _, own in own },
            rows: statuses.map { .object(fields($0)) }
        )
    }

    private func fields(_ status: JourneyStatus) -> [String: JSONValue] {
        let p99 = BaselineFigure.journeyP99(status.journey)
        return [
            "requests": .int(status.good + status.bad),
            "rate": json(Double(status.good + status.bad) / status.windowS),
            "baseline_rate": json(world.baselines.usual(BaselineFigure.journeyRate(status.journey))),
            "baseline": json(world.baselines.usual(p99)),
            "p99_ratio": json(world.baselines.ratio(p99, status.p99Ms)),
            "journey": .string(status.journey), "ratio": json(status.ratio), "good": .int(status.good),
            "bad": .int(status.bad), "objective": json(status.objective), "burn": json(status.burn),
            "p99_ms": json(status.p99Ms), "window_s": json(status.windowS), "firing": .bool(status.isFiring),
        ]
    }

    private func failures(_ query: ReadQuery, _ watches: [JourneyWatch], _ window: Double) -> ReadAnswer {
        let words = query.selector + [query.parameters["by"]?.stringValue].compactMap { $0 }
        let dimensions = FailureDimension.allCases.filter { words.contains($0.rawValue) }
        let sums = watches.map { ($0.name, $0.series.sum(since: now + -window)) }
        var rows: [(count: Int, row: JSONValue)] = []
        for (journey, sum) in sums {
            for dimension in dimensions.isEmpty ? FailureDimension.allCases : dimensions {
                for (key, count) in sum.failures[dimension] ?? [:] {
                    rows.append((count, failure(journey, dimension, key, count, of: sum)))
                }
            }
        }
        rows.sort { $0.count > $1.count }
        let bad = sums.reduce(0) { $0 + $1.1.bad }
        return ok(
            query,
            .int(rows.count),
            unit: "count",
            at: sums.compactMap(\.1.end).max() ?? now,
            isStarved: sums.contains { $0.1.isStarved },
            fields: [
                "bad": .int(bad), "window_s": json(window), "top": rows.first?.row["key"] ?? .null,
                "top_share": rows.first?.row["share"] ?? .null, "top_ratio": rows.first?.row["ratio"] ?? .null,
            ],
            rows: rows.map(\.row)
        )
    }

    /// `share` is of all failures, `ratio` of the requests that such a route, instance or customer may have had.
    private func failure(
        _ journey: String,
        _ by: FailureDimension,
        _ key: String,
        _ count: Int,
        of sum: JourneySum
    ) -> JSONValue {
        let siblings = by == .instance ? map.owner(ofInstance: key)?.instances.count ?? 1 : 1
        let requests = Double(sum.good + sum.bad) / Double(siblings)
        return [
            "journey": .string(journey), "by": .string(by.rawValue), by.rawValue: .string(key), "key": .string(key),
            "value": .int(count), "share": json(sum.bad == 0 ? 0 : Double(count) / Double(sum.bad)),
            "ratio": json(requests > 0 ? min(1, Double(count) / requests) : 0),
        ]
    }
}
