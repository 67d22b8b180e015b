internal import OpsModel

extension ReadEvaluator {
    func changeRecent(_ query: ReadQuery) -> ReadAnswer {
        guard let since = world.changes.since else { return unknown(query, "changes are not watched yet") }
        let scope = ReadScope(query, map: map)
        let window = scope.window ?? 900
        let names = Set(scope.components.map(\.name))
        let found = world.changes.since(now + -window).filter { event in
            guard scope.subject != nil || scope.relation != nil else { return true }
            return event.components.isEmpty || !names.isDisjoint(with: event.components)
        }.filter { event in scope.words.isEmpty || scope.words.contains(event.kind) }
        let turned = found.first { $0.flag != nil }
        return ok(
            query,
            .int(found.count),
            unit: "count",
            at: now,
            fields: [
                "window_s": json(window), "watched_s": json(now - since),
                "newest_age": json(found.first.map { now - $0.at }), "kind": json(found.first?.kind),
                "kinds": .array(Set(found.map(\.kind)).sorted().map { .string($0) }),
                "component": json(found.first?.components.first), "flag": json(turned?.flag),
                "was": turned?.was.map(JSONValue.bool) ?? .null,
            ],
            rows: found.map(changeRow)
        )
    }

    private func changeRow(_ event: ChangeEvent) -> JSONValue {
        [
            "kind": .string(event.kind), "component": json(event.components.first),
            "components": .array(event.components.map { .string($0) }), "instance": json(event.instance),
            "at": .string(event.at.description), "age_s": json(now - event.at), "detail": .string(event.detail),
            "flag": json(event.flag), "was": event.was.map(JSONValue.bool) ?? .null,
        ]
    }

    /// How many keys say something else than when the journeys last held; `not_loaded` are instances that run another content.
    func configDiff(_ query: ReadQuery) -> ReadAnswer {
        let scope = ReadScope(query, map: map)
        // What names lead to is `dns.answer`, and no process loads it at its start.
        let wanted = map.configs.filter { config in
            !config.isHosts && (scope.subject == nil || scope.components.contains { config.users.contains($0.name) })
        }
        guard !wanted.isEmpty else { return unsupported(query, "no configuration file is declared for it") }
        let rows = wanted.map(configRow)
        let differing = rows.filter {
            $0["differs"]?.boolValue == true || ($0["not_loaded"]?.arrayValue?.isEmpty == false)
        }
        let checked = wanted.compactMap { world.configs[$0.name]?.checkedAt }.max()
        guard let checked else {
            let reason = wanted.compactMap { world.configs[$0.name]?.failure }.first
            return unknown(query, reason ?? "the configuration was not read yet")
        }
        return ok(
            query,
            .int(zip(wanted, rows).reduce(0) { $0 + differences($1.1, $1.0, scope) }),
            unit: "count",
            at: checked,
            fields: ((differing.first ?? rows.first)?.objectValue ?? [:]).merging(
                ["hash_differs": .bool(!differing.isEmpty)]
            ) { old, _ in old },
            rows: rows
        )
    }

    /// Keys that differ: a comment, or another order of lines, is a change of the file and of nothing else.
    ///
    /// Where the file may not be read, 1 when an instance has loaded another content than the last good one.
    private func differences(_ row: JSONValue, _ config: MappedConfig, _ scope: ReadScope) -> Int {
        let history = world.configs[config.name]
        guard let current = history?.current, current.values.isEmpty, let good = history?.lastGood else {
            return row["keys"]?.arrayValue?.count ?? 0
        }
        let names = Set(scope.components.map(\.name))
        let asked = scope.subject == nil ? running(config) : running(config) { names.contains($0.name) }
        return asked.contains { $0.hash != good.hash.prefix(12) } ? 1 : 0
    }

    private func configRow(_ config: MappedConfig) -> JSONValue {
        let history = world.configs[config.name]
        let current = history?.current
        let good = history?.lastGood
        let differences = current.flatMap { now in good.map { ConfigHistory.difference($0, now) } } ?? []
        let others = running(config).filter { $0.hash != current.map { String($0.hash.prefix(12)) } }
        return [
            "file": .string(config.name), "hash": json(current.map { String($0.hash.prefix(12)) }),
            "last_good": json(good.map { String($0.hash.prefix(12)) }), "differs": .bool(current?.hash != good?.hash),
            "changed_age_s": json(history.flatMap { $0.versions.count > 1 ? $0.current.map { now - $0.at } : nil }),
            "keys": .array(
                differences.map {
                    ["key": .string($0.key), "last_good": json($0.old), "now": json($0.new)]
                }
            ),
            "not_loaded": .array(others.map { ["instance": .string($0.instance), "hash": .string($0.hash)] }),
        ]
    }

    /// The hash that each instance loaded as it started.
    private func running(
        _ config: MappedConfig,
        where isAsked: (MappedComponent) -> Bool = { _ in true }
    ) -> [(instance: String, hash: String)] {
        map.components.filter { config.users.contains($0.name) && isAsked($0) }.flatMap(\.instances).compactMap {
            instance in
            guard let newest = world.scrapes[instance.name]?.newest, isFresh(newest.at),
                let hash = newest.value.all(MetricName.info).first?.labels["config_hash"], hash != "none"
            else { return nil }
            return (instance.name, hash)
        }
    }
}
