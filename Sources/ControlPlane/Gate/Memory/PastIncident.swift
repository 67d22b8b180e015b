import OpsModel

/// What is remembered of an incident that is over: how it looked, what it was held to be, what helped, and how it ended.
struct PastIncident: Codable, Hashable, Sendable {
    var incident: String
    var endedAt: Timestamp
    /// Its signs, sorted.
    var signs: [String]
    var component: String?
    var mechanism: String?
    /// The runbook that the diagnosis cites.
    var runbook: String?
    /// The actions after which all journeys held; empty where nothing helped.
    var helped: [String]
    /// `recovered`, `escalated`, or `cleared` when it was over without an action that helped.
    var end: String

    /// Nil while the incident goes on.
    init?(_ record: IncidentRecord, evidence: [ReadAnswer]) {
        guard let endedAt = record.incident.endedAt else { return nil }
        self.endedAt = endedAt
        incident = record.incident.id
        signs = IncidentSigns(pages: record.incident.pages, evidence: evidence).words.sorted()
        component = record.diagnoses.last?.component ?? record.escalation?.component
        mechanism = record.diagnoses.last?.mechanism ?? record.escalation?.mechanism
        runbook = record.diagnoses.last?.citations.first?.runbook
        let proven = record.proposals.last { $0.outcome.state == .recovered }
        let option = proven.flatMap { proven in
            proven.outcome.option.flatMap { number in
                proven.proposal.options.indices.contains(number - 1) ? proven.proposal.options[number - 1] : nil
            }
        }
        helped = option?.steps.map(\.action) ?? []
        end = proven != nil ? "recovered" : record.incident.state == .escalated ? "escalated" : "cleared"
    }

    /// The row of an answer.
    func row(likeness: Double) -> JSONValue {
        [
            "incident": .string(incident), "likeness": .double((likeness * 1_000).rounded() / 1_000),
            "component": component.map(JSONValue.string) ?? .null,
            "mechanism": mechanism.map(JSONValue.string) ?? .null, "runbook": runbook.map(JSONValue.string) ?? .null,
            "actions": .array(helped.map(JSONValue.string)), "state": .string(end),
        ]
    }
}
