extension TopologyDraft {
    /// What a person has to write, in the order of the file; what the topology is not accepted without says so.
    public var gaps: [Gap] {
        var gaps = [Gap.journeys]
        if let name = nameGap { gaps.insert(name, at: 0) }
        gaps.append(entryGap)
        gaps += components.flatMap(\.gaps)
        if let probes = probesGap { gaps.append(probes) }
        return gaps + [Gap.secrets, Gap.limits, Gap.chaos]
    }

    /// The system's name.
    var nameGap: Gap? {
        guard system == nil else { return nil }
        return Gap("system", "what people call the system; the Compose file has no 'name'", isRequired: true)
    }

    /// Where customers come in: the rule of ``Topology/entry``, said of what is known by now.
    var entryGap: Gap {
        let needed = Set(components.flatMap(\.needs))
        let http = components.filter { $0.kind == .http }
        guard let entry = http.first(where: { !needed.contains($0.name) }) ?? http.first else {
            return Gap("components", "the entry: customers need a component of kind `http`, and none is borne out")
        }
        let rule = "the first of kind `http` that no other needs"
        return Gap("components", "the entry: customers come in at \(entry.name), \(rule); is that so?")
    }

    /// What the health checks of Compose do not promise.
    var probesGap: Gap? {
        guard !probes.isEmpty else { return nil }
        let words = """
            Observer asks `http` for /ready and /metrics, whatever the health check asks; a caller shows in its metrics what its \
            own probes found; each probe needs a caller beside Observer
            """
        return Gap("probes", words)
    }
}

extension TopologyDraft.Gap {
    static let journeys = Self(
        "journeys",
        "what customers do, and when they would call it good; pages and verdicts come from here only",
        isRequired: true
    )
    static let secrets = Self(
        "config",
        "which settings are secrets and what each one opens, by name; no password was taken from the Compose file"
    )
    static let limits = Self(
        "limits",
        "what may be restarted or changed: how much an incident and an hour may cost; it is nothing so far"
    )
    static let chaos = Self("chaos.scope", "what may be broken; it is nothing so far")
}
