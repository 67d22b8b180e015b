/// What a component is.
///
/// The list is closed: reads, actions and faults are bound to kinds, never to names.
public enum ComponentKind: String, Codable, CaseIterable, Hashable, Sendable {
    /// A process that answers HTTP; `/ready` and `/metrics` are assumed.
    case http
    /// A process that takes work from a queue.
    case worker
    /// A process that runs every so often.
    case batch
    /// A PostgreSQL server.
    case postgres
    /// Somebody else's service with alternatives; may be switched, never touched.
    case provider
    /// A directory that components keep files in.
    case directory
    /// Somebody else's service; may be probed, never touched.
    case external

    /// True for kinds that run as processes of ours.
    public var isProcess: Bool {
        switch self {
        case .http, .worker, .batch, .postgres: true
        case .provider, .directory, .external: false
        }
    }
}
