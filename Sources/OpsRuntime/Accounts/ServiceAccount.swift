/// The users and groups that keep the parts of a lab apart when root starts it.
public enum ServiceAccount: String, CaseIterable, Sendable {
    /// Both database clusters.
    case database = "opslab-db"
    /// The system under test.
    case target = "opslab-target"
    /// The injector.
    case chaos = "opslab-chaos"
    /// Remediation.
    case action = "opslab-action"
    /// Observer.
    case observer = "opslab-observer"
    /// The gate.
    case control = "opslab-control"
    /// The agent.
    case agent = "opslab-agent"

    /// What several users share.
    public enum Group: String, CaseIterable, Sendable {
        /// Writes settings, cache, claims and locks.
        case target = "opslab-tgt"
        /// Reads the target's logs.
        case log = "opslab-log"
        /// Talks to the target's supervisor.
        case supervisor = "opslab-sup"

        /// Who is in it.
        public var members: [ServiceAccount] {
            switch self {
            case .target: [.target, .action, .chaos]
            case .log: [.target, .observer, .action]
            case .supervisor: [.action, .chaos, .observer]
            }
        }
    }
}
