extension TopologyDraft {
    /// The file: a topology with a line feed at its end, `TODO` wherever a person has to write.
    ///
    /// Lines that begin with `#` and no space are examples; without that sign they are part of the topology.
    public var text: String {
        let sections = [opening, journeyLines, componentLines, probeLines, secretLines, limitLines, chaosLines]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private var opening: [String] {
        let file = source.split(separator: "/").last.map(String.init) ?? source
        let about = """
            A first draft that `opslab init` made from \(DraftText.brief(file)). TODO marks what a person has to write; \
            `opslab topology lint` checks the file.
            """
        let name = nameGap.map { Self.todo($0) + ["#system: NAME"] } ?? ["system: \(DraftText.word(system ?? ""))"]
        return DraftText.comment(about) + ["topology: 1"] + name
    }

    private var journeyLines: [String] {
        let example = """
            journeys:
            #  browse:
            #    request: GET /
            #    good: {status: [200], within: 500ms}
            #    objective: 99.5%
            #    traffic: 100%
            """
        return Self.todo(.journeys) + [example]
    }

    private var componentLines: [String] {
        Self.todo(entryGap) + ["components:"] + components.flatMap(Self.lines)
    }

    private static func lines(of component: DraftedComponent) -> [String] {
        // A question quotes what was seen; an answer says it here.
        let isSaid = component.gaps.contains { $0.words.hasSuffix(component.why) }
        var lines = isSaid ? [] : DraftText.comment(component.why, indent: 2)
        for gap in component.gaps { lines += todo(gap, indent: 2) }
        for suggestion in component.suggestions { lines += DraftText.comment(suggestion, indent: 2) }
        lines.append("  \(DraftText.word(component.name)): {\(settings(of: component).joined(separator: ", "))}")
        return lines
    }

    private static func settings(of component: DraftedComponent) -> [String] {
        // The language has neither word for a database.
        let isServer = component.kind == .postgres
        var settings = ["kind: \(component.kind.rawValue)"]
        if !isServer, component.instances > 1 { settings.append("instances: \(component.instances)") }
        if let port = component.port { settings.append("port: \(port)") }
        if let database = component.database { settings.append("database: \(DraftText.word(database))") }
        if !component.needs.isEmpty { settings.append("needs: \(DraftText.list(component.needs))") }
        if !isServer, let isRestarted = component.isRestarted {
            settings.append("restart: \(isRestarted ? "on-failure" : "never")")
        }
        return settings
    }

    private var probeLines: [String] {
        guard let gap = probesGap else { return [] }
        return Self.todo(gap) + ["probes:"] + probes.map(Self.line)
    }

    private static func line(of probe: Probe) -> String {
        let question: String =
            switch probe.question {
            case .sql(let sql): "sql: \(DraftText.word(sql))"
            case .http(let path): "http: \(DraftText.word(path))"
            }
        let isWhole = probe.from.count > 1
        let from = isWhole ? DraftText.list(probe.from) : "[observer, CALLER]"
        let settings = "{\(question), from: \(from), timeout: \(probe.timeout.goStyle)}"
        return "\(isWhole ? "" : "#")  \(DraftText.word(probe.target)): \(settings)"
    }

    private var secretLines: [String] {
        let secret: String
        if let database = components.first(where: { $0.kind == .postgres }) {
            let role = DraftText.word(database.owner ?? "ROLE")
            secret = "DB_PASSWORD: {is: postgres-password, of: \(DraftText.word(database.name)), role: \(role)}"
        } else {
            secret = "API_KEY: {is: shared-key, with: \(DraftText.word(components.first?.name ?? "COMPONENT"))}"
        }
        let example = ["#config:", "#  app.env:", "#    reload: restart", "#    secrets: {\(secret)}"]
        return Self.todo(.secrets) + example
    }

    private var limitLines: [String] {
        Self.todo(.limits) + ["limits: {actions_per_incident: 0, downtime_per_hour: 0s}"]
    }

    private var chaosLines: [String] {
        Self.todo(.chaos) + ["chaos: {scope: [], at_most: 1, longest: 10m}"]
    }

    private static func todo(_ gap: Gap, indent: Int = 0) -> [String] {
        DraftText.comment("TODO \(gap.place): \(gap.words)", indent: indent)
    }
}
