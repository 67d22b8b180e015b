/// What an MCP client may call: the four calls of an agent, and what it takes to get an incident and an outcome.
enum ToolName: String, CaseIterable, Hashable, Sendable {
    case waitForIncident = "wait_for_incident"
    case incident
    case read
    case diagnose
    case propose
    case outcome
    case escalate

    /// Whether it leaves the incident as it is.
    var isReadOnly: Bool { self == .incident || self == .read || self == .outcome }
}
