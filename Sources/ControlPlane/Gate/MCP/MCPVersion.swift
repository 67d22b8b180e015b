/// The protocol revisions spoken here, newest first: those that begin with `initialize` and keep a session over HTTP.
enum MCPVersion: String, CaseIterable, Hashable, Sendable {
    case november2025 = "2025-11-25"
    case june2025 = "2025-06-18"
    case march2025 = "2025-03-26"

    /// What the client asked for if it is spoken here, the newest otherwise; then the client decides whether to go on.
    init(negotiating wanted: String) { self = Self(rawValue: wanted) ?? .november2025 }

    /// Batches came and went: the next revision took them out again.
    var allowsBatches: Bool { self == .march2025 }
}
