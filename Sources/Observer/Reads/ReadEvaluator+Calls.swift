internal import OpsModel

extension ReadEvaluator {
    func call(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        let scope = ReadScope(query, map: map)
        let window = min(ScrapeHistory.span, scope.window ?? 5)
        let all = pages(ReadScope(ReadQuery(read: query.read), map: map))
        let wanted = tallies(all, seconds: window).filter { concerns($0, query, scope) }
        guard wanted.contains(where: { $0.finished > 0 || $0.attempts > 0 }) else {
            if all.isEmpty { return silent(query, all, MetricName.calls) }
            return unknown(query, "no such calls in the last \(window) s")
        }
        let code = scope.words.first
        let found = Found(
            tallies: wanted,
            window: window,
            seconds: max(0.5, all.map { $0.history.span(seconds: window) }.max() ?? window),
            code: code,
            at: newest(all),
            isStarved: all.contains(where: \.newest.isStarved)
        )
        switch name {
        case .callLatency: return latency(query, found)
        case .callAttempts: return attempts(query, found)
        default: return errors(query, found)
        }
    }

    /// The calls that a question is about.
    private struct Found {
        var tallies: [CallTally]
        var window: Double
        /// Seconds that really lie between the pages compared.
        var seconds: Double
        var code: String?
        var at: Timestamp
        var isStarved: Bool

        var finished: Double { tallies.reduce(0) { $0 + $1.finished } }
    }

    /// Without a selector: calls from or to the component.
    ///
    /// `callers`: to it; `dependencies`: from it. Two names: from, to.
    private func concerns(_ tally: CallTally, _ query: ReadQuery, _ scope: ReadScope) -> Bool {
        let named = query.selector.compactMap { map.component($0)?.name ?? map.owner(ofInstance: $0)?.name }
        if named.count >= 2 { return tally.from == named[0] && tally.to == named[1] }
        guard let subject = scope.subject?.name else {
            return named.first.map { [tally.from, tally.to].contains($0) } ?? true
        }
        switch scope.relation {
        case .callers, .caller: return tally.to == subject
        case .dependencies: return tally.from == subject
        case nil:
            guard let other = named.first, other != subject else { return tally.from == subject || tally.to == subject }
            return (tally.from, tally.to) == (other, subject) || (tally.from, tally.to) == (subject, other)
        }
    }

    private func tallies(_ pages: [ScrapedPage], seconds: Double) -> [CallTally] {
        var byLink: [String: CallTally] = [:]
        for page in pages {
            for name in [
                MetricName.calls, MetricName.callAttempts, MetricName.callDurationSum, MetricName.callDurationCount,
                MetricName.callDurationBucket,
            ] {
                for rise in page.history.rises(name, seconds: seconds) ?? [] { add(rise, to: &byLink) }
            }
        }
        return byLink.values.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    private func add(_ rise: MetricSample, to tallies: inout [String: CallTally]) {
        guard let from = rise.labels["from"], let to = rise.labels["to"] else { return }
        let link = "\(from)->\(to)"
        var tally = tallies[link] ?? CallTally(from: from, to: to)
        switch rise.name {
        case MetricName.calls: tally.byCode[rise.labels["code"] ?? "ok", default: 0] += rise.value
        case MetricName.callAttempts: tally.attempts += rise.value
        case MetricName.callDurationSum: tally.seconds += rise.value
        case MetricName.callDurationCount: tally.timed += rise.value
        default:
            if let bound = rise.labels["le"].flatMap(Double.init) { tally.buckets[bound, default: 0] += rise.value }
        }
        tallies[link] = tally
    }

    private func errors(_ query: ReadQuery, _ found: Found) -> ReadAnswer {
        let errors = found.tallies.reduce(0) { $0 + $1.errors(code: found.code) }
        let worst = found.tallies.flatMap { tally in
            tally.byCode.filter { CallCode.isError($0.key) }.map { (tally, $0.key, $0.value) }
        }.sorted { $0.2 > $1.2 }
        let rows = found.tallies.flatMap { tally in
            tally.byCode.sorted { $0.value > $1.value }.filter { $0.value > 0 }.map { code, calls in
                row(
                    tally,
                    [
                        "code": .string(code), "count": count(calls), "error": .bool(CallCode.isError(code)),
                        "ratio": json(calls / max(1, tally.finished)),
                    ]
                )
            }
        }
        return ok(
            query,
            json(errors / found.seconds),
            unit: "1/s",
            at: found.at,
            isStarved: found.isStarved,
            fields: [
                "errors": count(errors), "calls": count(found.finished),
                "ratio": json(found.finished > 0 ? errors / found.finished : 0),
                "code": json(worst.first?.1), "from": json(worst.first?.0.from), "to": json(worst.first?.0.to),
                "window_s": json(found.window),
            ],
            rows: rows
        )
    }

    private func latency(_ query: ReadQuery, _ found: Found) -> ReadAnswer {
        guard let slowest = found.tallies.filter({ $0.meanMs != nil }).max(by: { ($0.meanMs ?? 0) < ($1.meanMs ?? 0) })
        else {
            return unknown(query, "no such calls ended in the last \(found.window) s")
        }
        return ok(
            query,
            json(slowest.meanMs),
            unit: "ms",
            at: found.at,
            isStarved: found.isStarved,
            fields: [
                "from": .string(slowest.from), "to": .string(slowest.to), "mean_ms": json(slowest.meanMs),
                "p99_ms": json(slowest.p99Ms), "window_s": json(found.window),
                "baseline": json(world.baselines.usual(BaselineFigure.call(slowest.from, slowest.to))),
                "ratio": json(world.baselines.ratio(BaselineFigure.call(slowest.from, slowest.to), slowest.meanMs)),
            ],
            rows: found.tallies.map {
                row($0, ["mean_ms": json($0.meanMs), "p99_ms": json($0.p99Ms), "calls": count($0.finished)])
            }
        )
    }

    private func attempts(_ query: ReadQuery, _ found: Found) -> ReadAnswer {
        let attempts = found.tallies.reduce(0) { $0 + $1.attempts }
        return ok(
            query,
            json(found.finished > 0 ? attempts / found.finished : nil),
            unit: "ratio",
            at: found.at,
            isStarved: found.isStarved,
            fields: ["attempts": count(attempts), "calls": count(found.finished), "window_s": json(found.window)],
            rows: found.tallies.map {
                row($0, ["value": json($0.amplification), "tries": count($0.attempts), "calls": count($0.finished)])
            }
        )
    }

    private func row(_ tally: CallTally, _ more: [String: JSONValue]) -> JSONValue {
        .object(["from": .string(tally.from), "to": .string(tally.to)].merging(more) { old, _ in old })
    }
}
