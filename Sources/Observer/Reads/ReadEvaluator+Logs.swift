internal import OpsModel

extension ReadEvaluator {
    func log(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        guard let at = world.logs.sampledAt else { return unknown(query, "no log was read yet") }
        guard isFresh(at) else { return unknown(query, "the logs were not read lately", at: at) }
        return name == .logCode ? codes(query, at) : newTemplates(query, at)
    }

    private func newTemplates(_ query: ReadQuery, _ at: Timestamp) -> ReadAnswer {
        let scope = ReadScope(query, map: map)
        guard world.logs.isWarm else { return unknown(query, "what is usual is not learnt yet", at: at) }
        let window = scope.window ?? 60
        let from = now + -window
        let found = world.logs.templates.compactMap { key, activity -> (Int, JSONValue)? in
            guard concerns(scope, key.component, key.instance),
                let novelty = world.logs.novelty(of: activity, since: from, now: now)
            else { return nil }
            return (activity.count(since: from), templateRow(key, activity, novelty, from))
        }.sorted { $0.0 > $1.0 }
        return ok(
            query,
            .int(found.count),
            unit: "count",
            at: at,
            isStarved: world.logs.isStarved,
            fields: ["window_s": json(window), "lines": .int(found.reduce(0) { $0 + $1.0 })],
            rows: found.map(\.1)
        )
    }

    private func templateRow(
        _ key: LogBook.TemplateKey,
        _ activity: Activity,
        _ novelty: Novelty,
        _ from: Timestamp
    ) -> JSONValue {
        [
            "template": .string(world.logs.tree.text(key.template)), "component": .string(key.component),
            "instance": .string(key.instance), "level": .string(key.level), "code": .string(key.code),
            "count": .int(activity.count(since: from)), "novelty": .string(novelty.rawValue),
            "first_seen_age_s": json(now - activity.firstSeen),
        ]
    }

    /// The value is how many lines carried a code; `top` is the one that stands out most, a new one before a frequent one.
    private func codes(_ query: ReadQuery, _ at: Timestamp) -> ReadAnswer {
        let scope = ReadScope(query, map: map)
        let window = scope.window ?? 30
        let from = now + -window
        let found = world.logs.codes.compactMap { key, activity -> Code? in
            let count = activity.count(since: from)
            guard count > 0, concerns(scope, key.component, key.instance),
                scope.words.allSatisfy({ [key.code, key.kind].contains($0) })
            else { return nil }
            let novelty = world.logs.novelty(of: activity, since: from, now: now)
            return Code(key: key, count: count, novelty: novelty, normal: activity.normal)
        }.sorted { ($0.rank, $0.count) > ($1.rank, $1.count) }
        return ok(
            query,
            .int(found.reduce(0) { $0 + $1.count }),
            unit: "count",
            at: at,
            isStarved: world.logs.isStarved,
            fields: [
                "window_s": json(window), "top": json(found.first?.key.code),
                "codes": .array(found.map { .string($0.key.code) }), "component": json(found.first?.key.component),
            ],
            rows: found.map(codeRow)
        )
    }

    /// One code with how often it was logged.
    private struct Code {
        var key: LogBook.CodeKey
        var count: Int
        var novelty: Novelty?
        var normal: Int
        var rank: Int { novelty == .new ? 2 : novelty == .surging ? 1 : 0 }
    }

    private func codeRow(_ code: Code) -> JSONValue {
        let calm = world.logs.calmSeconds
        return [
            "code": .string(code.key.code), "kind": .string(code.key.kind), "component": .string(code.key.component),
            "instance": .string(code.key.instance), "count": .int(code.count), "novelty": json(code.novelty?.rawValue),
            "usual_per_min": json(calm > 0 ? Double(code.normal) / calm * 60 : nil),
        ]
    }

    private func concerns(_ scope: ReadScope, _ component: String, _ instance: String) -> Bool {
        guard scope.components.contains(where: { $0.name == component }) else { return false }
        return scope.instance.map { $0 == instance } ?? true
    }
}
