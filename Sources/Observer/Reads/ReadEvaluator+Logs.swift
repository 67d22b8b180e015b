internal import OpsModel

extension ReadEvaluator {
    func log(_ name: ReadName, _ query: ReadQuery) -> ReadAnswer {
        guard let at = world.logs.sampledAt else { return unknown(query, "no log was read yet") }
        guard isFresh(at) else { return unknown(query, "the logs were not read lately", at: at) }
        return name == .logCode ? codes(query, at) : newTemplates(query, at)
    }

    private func newTemplates(_ query: ReadQuery, _ at: Timestamp) -> ReadAnswer {
        let scope = ReadScope(query, map: map)
        if let subject = scope.subject, scope.relation == nil, !hasLog(subject) {
            return unsupported(query, "\(subject.name) has no log that can be read here")
        }
        guard world.logs.isWarm else { return unknown(query, "what is usual is not learnt yet", at: at) }
        let window = scope.window ?? 60
        let found = templates(scope, since: now + -window)
        return ok(
            query,
            .int(found.count),
            unit: "count",
            at: at,
            isStarved: world.logs.isStarved,
            fields: ["window_s": json(window), "lines": .int(found.reduce(0) { $0 + $1.count })],
            rows: found.map(\.row)
        )
    }

    private func templates(_ scope: ReadScope, since from: Timestamp) -> [(count: Int, row: JSONValue)] {
        let alike = Dictionary(grouping: world.logs.templates) { $0.key.withoutInstance }
        return alike.flatMap { _, group in
            let normal = group.reduce(0) { $0 + $1.value.normal }
            return group.compactMap { key, activity -> (count: Int, row: JSONValue)? in
                let count = activity.count(since: from)
                guard concerns(scope, key.component, key.instance),
                    let novelty = world.logs.novelty(count: count, normal: normal, since: from, now: now)
                else { return nil }
                return (count, templateRow(key, activity, count, novelty))
            }
        }.sorted { $0.count > $1.count }
    }

    private func templateRow(
        _ key: LogBook.TemplateKey,
        _ activity: Activity,
        _ count: Int,
        _ novelty: Novelty
    ) -> JSONValue {
        [
            "template": .string(world.logs.tree.text(key.template)), "component": .string(key.component),
            "instance": .string(key.instance), "level": .string(key.level), "codes": .string(key.code),
            "value": .int(count), "novelty": .string(novelty.rawValue),
            "first_seen_age_s": json(now - activity.firstSeen),
        ]
    }
}

// MARK: - Codes

extension ReadEvaluator {
    /// One code in the log of one instance.
    private struct Code {
        var key: LogBook.CodeKey
        var count: Int
        var novelty: Novelty?
        var normal: Int
        var rank: Int { novelty == .new ? 2 : novelty == .surging ? 1 : 0 }
    }

    /// Lines with a code that is out of the ordinary; codes that are logged all the time stand in `usual`.
    ///
    /// Whoever has no log of its own is spoken of in the logs of its callers: a database by SQLSTATE, a directory by errno.
    private func codes(_ query: ReadQuery, _ at: Timestamp) -> ReadAnswer {
        let scope = codeScope(query)
        let window = scope.window ?? 30
        let found = codes(scope, since: now + -window).sorted { ($0.rank, $0.count) > ($1.rank, $1.count) }
        let unusual = world.logs.isWarm ? found.filter { $0.novelty != nil } : found
        let usual = Set(found.map(\.key.code)).subtracting(unusual.map(\.key.code)).sorted()
        return ok(
            query,
            .int(unusual.reduce(0) { $0 + $1.count }),
            unit: "count",
            at: at,
            isStarved: world.logs.isStarved,
            fields: [
                "window_s": json(window), "top": json(unusual.first?.key.code),
                "component": json(unusual.first?.key.component), "usual": .array(usual.map { .string($0) }),
            ],
            rows: unusual.map(codeRow)
        )
    }

    private func codeScope(_ query: ReadQuery) -> ReadScope {
        var scope = ReadScope(query, map: map)
        guard let subject = scope.subject, scope.relation == nil, !hasLog(subject) else { return scope }
        scope.components = map.callers(of: subject.name)
        if subject.kind == "postgres" { scope.words.append("sqlstate") }
        if subject.kind == "directory" { scope.words.append("errno") }
        return scope
    }

    private func codes(_ scope: ReadScope, since from: Timestamp) -> [Code] {
        let alike = Dictionary(grouping: world.logs.codes) { "\($0.key.component)|\($0.key.code)" }
        return alike.flatMap { _, group in
            let normal = group.reduce(0) { $0 + $1.value.normal }
            return group.compactMap { key, activity -> Code? in
                let count = activity.count(since: from)
                guard count > 0, concerns(scope, key.component, key.instance),
                    scope.words.allSatisfy({ [key.code, key.kind].contains($0) })
                else { return nil }
                let novelty = world.logs.novelty(count: count, normal: normal, since: from, now: now)
                return Code(key: key, count: count, novelty: novelty, normal: normal)
            }
        }
    }

    private func codeRow(_ code: Code) -> JSONValue {
        let calm = world.logs.calmSeconds
        return [
            "code": .string(code.key.code), "kind": .string(code.key.kind), "component": .string(code.key.component),
            "instance": .string(code.key.instance), "value": .int(code.count), "novelty": json(code.novelty?.rawValue),
            "usual_per_min": json(calm > 0 ? Double(code.normal) / calm * 60 : nil),
        ]
    }

    private func hasLog(_ component: MappedComponent) -> Bool { component.instances.contains { $0.log != nil } }

    private func concerns(_ scope: ReadScope, _ component: String, _ instance: String) -> Bool {
        guard scope.components.contains(where: { $0.name == component }) else { return false }
        return scope.instance.map { $0 == instance } ?? true
    }
}
