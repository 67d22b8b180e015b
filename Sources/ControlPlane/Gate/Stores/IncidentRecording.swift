import AgentOps
import OpsModel

/// What an incident's events become in the organisation's records: all of them events, the decisions audit rows too.
enum IncidentRecording {
    static func event(_ event: IncidentChange.Event, of record: IncidentRecord) -> Event {
        var payload = event.payload.objectValue ?? [:]
        payload["message"] = .string(event.message)
        return Event(stream(of: event.type), event.type, incident: record.incident.id, payload: .object(payload))
    }

    /// The audit row of an event that somebody may have to answer for; nil for the others.
    static func entry(_ event: IncidentChange.Event, of record: IncidentRecord) -> AuditEntry? {
        guard let topic = event.type.split(separator: ".").first, audited.contains(topic) else { return nil }
        var changes = event.payload.objectValue ?? [:]
        changes["message"] = .string(event.message)
        return AuditEntry(
            actor: actor(of: event, record),
            action: event.type,
            entity: ("incident", record.incident.id),
            changes: .object(changes)
        )
    }

    private static let audited: Set<Substring> = ["approval", "action", "incident", "policy"]

    private static func stream(of type: String) -> Event.Stream {
        switch type.split(separator: ".").first {
        case "approval", "policy": .approval
        case "action": .action
        case "page", "verification": .signal
        case "diagnosis", "proposal", "agent": .assistant
        default: .lifecycle
        }
    }

    /// The first of the strictest policies that had a say.
    private static func decisive(_ payload: JSONValue) -> String {
        let policies = payload["policies"]?.arrayValue ?? []
        let strictest = policies.compactMap { $0["action"]?.stringValue.flatMap(PolicyAction.init) }.max()
        return policies.first { $0["action"]?.stringValue == strictest?.rawValue }?["id"]?.stringValue ?? "default"
    }

    private static func actor(of event: IncidentChange.Event, _ record: IncidentRecord) -> AuditEntry.Actor {
        if event.type == "policy.decided" { return .policy(decisive(event.payload)) }
        if let person = event.payload["by"]?.stringValue { return .person(person) }
        if event.type == "approval.requested", let agent = record.incident.agent { return .agent(agent) }
        return .service("gate")
    }
}
