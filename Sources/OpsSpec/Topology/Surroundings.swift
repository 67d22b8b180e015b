/// How one component is probed.
public struct Probe: Hashable, Sendable {
    /// The component.
    public var target: String
    /// What is asked.
    public var question: Question
    /// Who asks: `observer`, or a component, so that a broken link and a dead server look different.
    public var from: [String]
    /// How long an answer may take.
    public var timeout: Duration

    /// What a probe asks.
    public enum Question: Hashable, Sendable {
        /// A statement.
        case sql(String)
        /// A path.
        case http(String)
    }
}

/// How the system logs.
public struct LogFormat: Hashable, Sendable {
    /// `json` is the only one.
    public var format: String
    /// The member that names the component or instance.
    public var component: String
    /// Members that hold error codes.
    public var code: [String]
    /// The member that holds the trace.
    public var trace: String?
}

/// Where the world keeps what actions and checks need.
public struct WorldState: Hashable, Sendable {
    /// The table of feature flags.
    public var flags: Table?
    /// The table of jobs.
    public var jobs: Table?
    /// Where jobs are put aside.
    public var quarantine: String?
    /// Tables whose rows must not be lost, all in one database.
    public var rows: [Table]
    /// Snapshots that a database can be restored from.
    public var snapshots: Snapshots?

    /// A table of a database component.
    public struct Table: Hashable, Sendable {
        /// The component.
        public var database: String
        /// The table.
        public var table: String
    }

    /// Snapshots of a database component.
    public struct Snapshots: Hashable, Sendable {
        /// The component.
        public var database: String
        /// How often one is made.
        public var every: Duration
        /// How many are kept.
        public var keep: Int
    }
}

/// What kinds of change are watched.
public enum ChangeKind: String, Codable, CaseIterable, Hashable, Sendable {
    case config
    case flags
    case migrations
    case starts
    case images
}

/// What one incident, and one hour, may cost.
public struct Limits: Hashable, Sendable {
    /// Actions in one incident.
    public var actionsPerIncident: Int
    /// Downtime that actions may cause in an hour.
    public var downtimePerHour: Duration
    /// What restoring data needs: `approval`.
    public var restoreNeeds: String
}

/// What may be broken, how much at once, and for how long.
public struct ChaosScope: Hashable, Sendable {
    /// Components that may be broken.
    public var scope: [String]
    /// Faults at once.
    public var atMost: Int
    /// The longest lease.
    public var longest: Duration
    /// The highest value of a fault's parameter, by fault and parameter.
    public var caps: [String: [String: Double]] = [:]
}
