internal import OpsModel

extension ReadEvaluator {
    func cache(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        let scope = cacheScope(query)
        if name == .cacheKept { return kept(query, scope) }
        let found = pages(scope)
        let window = min(ScrapeHistory.span, scope.window ?? 10)
        let rises = found.map { ($0, lookups($0, seconds: window)) }.filter { !$0.1.isEmpty }
        guard !rises.isEmpty else { return silent(query, found, MetricName.cacheLookups) }
        var total: [String: Double] = [:]
        for (_, counts) in rises { total.merge(counts, uniquingKeysWith: +) }
        let all = total.values.reduce(0, +)
        let bad = (total["bad"] ?? 0) + (total["unreadable"] ?? 0)
        let seconds = max(0.5, rises.map { $0.0.history.span(seconds: window) }.max() ?? window)
        var fields = total.mapValues(count)
        for word in ["hit", "miss", "bad", "unreadable"] where fields[word] == nil { fields[word] = 0 }
        fields["window_s"] = json(window)
        fields["hit_ratio"] = json(all > 0 ? (total["hit"] ?? 0) / all : nil)
        if name == .cacheHitRatio, all == 0 { return unknown(query, "no lookups in the last \(window) s") }
        return ok(
            query,
            name == .cacheBad ? json(bad / seconds) : json((total["hit"] ?? 0) / all),
            unit: name == .cacheBad ? "1/s" : "ratio",
            at: newest(found),
            isStarved: found.contains(where: \.newest.isStarved),
            fields: fields,
            rows: rises.map { row($0, $1, name, seconds) }
        )
    }

    /// A cache says nothing itself: its users are asked.
    private func cacheScope(_ query: ReadQuery) -> ReadScope {
        var scope = ReadScope(query, map: map)
        if let subject = scope.subject, subject.kind == "directory" { scope.components = map.callers(of: subject.name) }
        return scope
    }

    /// How often something changed and the entry that shows it stayed.
    private func kept(_ query: ReadQuery, _ scope: ReadScope) -> ReadAnswer {
        let found = pages(scope)
        let window = min(ScrapeHistory.span, scope.window ?? ScrapeHistory.span)
        let counted = found.filter { $0.newest.value.all(MetricName.cacheChanges).isEmpty == false }
        // A counter without a label's value is not written before the first change.
        let isKnown = found.contains { !$0.newest.value.all(MetricName.cacheLookups).isEmpty } || !counted.isEmpty
        guard isKnown else { return silent(query, found, MetricName.cacheChanges) }
        let rises = counted.flatMap { $0.history.rises(MetricName.cacheChanges, seconds: window) ?? [] }
        let total = Dictionary(rises.map { ($0.labels["result"] ?? "", $0.value) }, uniquingKeysWith: +)
        return ok(
            query,
            count(total["kept"] ?? 0),
            unit: "count",
            at: newest(found),
            isStarved: found.contains(where: \.newest.isStarved),
            fields: [
                "window_s": json(window), "kept": count(total["kept"] ?? 0),
                "forgotten": count(total["forgotten"] ?? 0), "changes": count(total.values.reduce(0, +)),
            ]
        )
    }

    private func row(_ page: ScrapedPage, _ counts: [String: Double], _ name: ReadName, _ seconds: Double) -> JSONValue
    {
        let all = counts.values.reduce(0, +)
        let bad = (counts["bad"] ?? 0) + (counts["unreadable"] ?? 0)
        let ratio = all > 0 ? (counts["hit"] ?? 0) / all : 0
        return [
            "component": .string(page.component.name), "instance": .string(page.instance.name),
            "value": json(name == .cacheBad ? bad / seconds : ratio), "lookups": count(all), "damaged": count(bad),
        ]
    }

    private func lookups(_ page: ScrapedPage, seconds: Double) -> [String: Double] {
        let rises = page.history.rises(MetricName.cacheLookups, seconds: seconds) ?? []
        return Dictionary(rises.map { ($0.labels["result"] ?? "", $0.value) }, uniquingKeysWith: +)
    }
}
