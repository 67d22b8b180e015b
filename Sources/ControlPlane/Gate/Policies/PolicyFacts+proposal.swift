import OpsModel

/// What rules may know of one step of a proposal.
extension PolicyFacts {
    /// Takes what is known for certain from the plan and the catalogue, and only then what the agent wrote.
    init(
        of step: ProposedStep,
        planned plan: ActionPlan,
        as description: ActionDescription?,
        in proposal: Proposal,
        of record: IncidentRecord,
        at now: Timestamp
    ) {
        var facts = PolicyFacts(of: step, as: description)
        facts["action.component"] = plan.facts["component"] ?? facts["action.component"]
        facts["action.instance"] = .array(Self.instances(of: step, plan).map { .string($0) })
        facts["action.risk"] = Self.higher(plan.risk, description?.risk).map { .string($0) }
        facts["action.downtime_s"] = .double(max(plan.downtimeS, description?.downtimeS ?? 0))
        facts["agent.name"] = record.incident.agent.map { .string(Self.plain($0)) }
        facts.take(record.incident.pages)
        facts["incident.actions_left"] = .int(record.actionsLeft)
        if let diagnosis = record.diagnoses.last {
            facts["diagnosis.confidence"] = .string(diagnosis.confidence.rawValue)
            facts["diagnosis.component"] = .string(diagnosis.component)
            facts["diagnosis.mechanism"] = .string(diagnosis.mechanism)
        }
        facts["evidence.count"] = .int(Set(proposal.evidence).count)
        self = facts.at(now)
    }

    /// What a step and the catalogue tell without a plan.
    init(of step: ProposedStep, as description: ActionDescription?) {
        self.init()
        for (name, value) in step.parameters {
            guard let field = PolicyField("action.\(name)"), field.kind == .parameter else { continue }
            self[field.name] = value
        }
        self["action.type"] = .string(step.action)
        self["action.component"] = step.parameters["component"] ?? Self.onlyComponent(description)
        self["action.instance"] = step.parameters["instance"].map { [$0] }
        guard let description else { return }
        self["action.risk"] = .string(description.risk)
        self["action.reversible"] = .bool(description.isReversible)
        self["action.downtime_s"] = .double(description.downtimeS)
    }

    /// An action that can touch one component only need not name it.
    private static func onlyComponent(_ description: ActionDescription?) -> JSONValue? {
        let named = description?.parameters["properties"]?["component"]?["enum"]?.arrayValue ?? []
        return named.count == 1 ? named.first : nil
    }

    /// A restart without an instance touches all of them; the plan says which.
    private static func instances(of step: ProposedStep, _ plan: ActionPlan) -> [String] {
        if let named = step.parameters["instance"]?.stringValue { return [named] }
        let prefix = "process."
        return plan.facts.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
    }

    /// A word that is no rank is higher than all of them.
    private static func higher(_ left: String, _ right: String?) -> String? {
        let ranks = PolicyField.ranks
        return [left, right].compactMap(\.self).max {
            (ranks.firstIndex(of: $0) ?? ranks.count) < (ranks.firstIndex(of: $1) ?? ranks.count)
        }
    }

    private static func plain(_ agent: String) -> String {
        agent.hasPrefix("agent/") ? String(agent.dropFirst("agent/".count)) : agent
    }

    private mutating func take(_ pages: [Page]) {
        self["incident.severity"] = Self.texts(pages.map(\.severity))
        self["incident.journey"] = Self.texts(pages.map(\.journey))
        self["incident.component"] = Self.texts(pages.compactMap(\.component))
    }

    private static func texts(_ words: [String]) -> JSONValue {
        .array(Set(words).filter { !$0.isEmpty }.sorted().map { .string($0) })
    }
}
