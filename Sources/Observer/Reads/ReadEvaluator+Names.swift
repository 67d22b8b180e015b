internal import OpsModel

extension ReadEvaluator {
    /// One name as one of its callers looks it up.
    private struct LookedUp {
        var caller: String
        var provider: String
        var name: String
        /// Where it leads; nil when the caller's file does not say.
        var address: String?
        /// Where the declared system is.
        var declared: String
        /// Whether it is the alternative in use.
        var isActive: Bool
        var at: Timestamp

        var differs: Bool { address.map { $0 != declared } ?? false }
        var word: String { address == nil ? "none" : differs ? "elsewhere" : "declared" }

        func isMeant(by word: String) -> Bool {
            ["callers", "caller", caller, provider].contains(word) || word == "active" && isActive
        }
    }

    /// What the names of a provider lead to where its callers look them up: `declared`, `elsewhere`, or `none` for the system's.
    ///
    /// Only the alternative in use decides, and of several callers the one whose answer differs.
    func dnsAnswer(_ query: ReadQuery) -> ReadAnswer {
        let subject = query.component.flatMap { map.component($0) }
        let providers = subject.map { [$0] } ?? map.components.filter { !$0.providers.isEmpty }
        let files = providers.flatMap { map.callers(of: $0.name) }.compactMap(\.hosts)
        guard !files.isEmpty, providers.contains(where: { $0.providers.contains { $0.host != nil } }) else {
            return unsupported(query, "its callers do not find it by a name whose place is declared")
        }
        let found = providers.flatMap { lookedUp($0) }
        guard !found.isEmpty else {
            let reason = files.compactMap { world.configs[$0]?.failure }.first
            return unknown(query, reason ?? "what the callers look up was not read yet")
        }
        let words = query.selector + [query.instance].compactMap(\.self)
        let deciding = found.filter { one in words.allSatisfy { one.isMeant(by: $0) } }
            .filter { $0.isActive || words.contains($0.provider) }
        guard let shown = deciding.first(where: \.differs) ?? deciding.first else {
            return unknown(query, "nobody of whom that was asked looks it up")
        }
        return ok(
            query,
            .string(shown.word),
            at: shown.at,
            fields: row(shown).objectValue ?? [:],
            rows: found.map(row)
        )
    }

    private func lookedUp(_ component: MappedComponent) -> [LookedUp] {
        let active = activeProvider(of: component.name)
        return map.callers(of: component.name).flatMap { caller -> [LookedUp] in
            guard let history = caller.hosts.flatMap({ world.configs[$0] }), let current = history.current,
                let checked = history.checkedAt, isFresh(checked)
            else { return [] }
            return component.providers.compactMap { provider in
                guard let name = provider.host else { return nil }
                return LookedUp(
                    caller: caller.name,
                    provider: provider.name,
                    name: name,
                    address: current.values[name],
                    declared: Self.host(of: provider.url),
                    isActive: active == nil || active == provider.name,
                    at: checked
                )
            }
        }
    }

    private func row(_ one: LookedUp) -> JSONValue {
        [
            "caller": .string(one.caller), "provider": .string(one.provider), "name": .string(one.name),
            "address": json(one.address), "declared": .string(one.declared), "differs": .bool(one.differs),
        ]
    }

    private static func host(of url: String) -> String {
        guard let begin = url.firstRange(of: "://")?.upperBound else { return url }
        return String(url[begin...].prefix { !":/?#".contains($0) })
    }
}
