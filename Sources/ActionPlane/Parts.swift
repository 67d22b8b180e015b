import AgentOps
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsRuntime
import OpsService
import OpsSpec
import OpsSystem

/// The only place that puts the parts of ActionPlane together.
struct Parts: Sendable {
    let executor: ActionExecutor
    /// Nil where the target has no database.
    let witness: ClusterWitness?
    /// Nil where the topology asks for no snapshots.
    let snapshots: SnapshotKeeper?
    let recorder: PostgresRunRecorder?
    let events: Recorder
    let registry: MetricsRegistry
    let metrics: ActionMetrics

    init(_ settings: Settings, _ logger: Logger) throws {
        try FileSystem.makeDirectory(settings.state, mode: 0o700)
        let bindings = try Bindings.load(settings.bindings)
        let target = Target(try Topology.load(settings.topology), bindings)
        guard let shared = bindings.shared, let supervisor = bindings.supervisor else {
            throw ActionError(.targetUnreadable, "the bindings name no shared directories or no supervisor")
        }
        let http = HTTPClient()
        let control = SupervisorControl(client: ControlAddress(supervisor).control(http))
        let record = try settings.record.map(Self.configuration)
        let journal = try ActionJournal(
            directory: "\(settings.state)/journal",
            confirmsClock: settings.confirmsClock
        )
        let events =
            try settings.record.map {
                try Recorder($0, registration: Registration(id: "action", name: "ActionPlane"), logger: logger)
            } ?? .disabled
        self.events = events
        registry = MetricsRegistry()
        metrics = ActionMetrics(registry)
        recorder = record.map {
            PostgresRunRecorder(
                pool: PostgresPool($0, limit: 1),
                catchingUp: journal,
                events: events,
                logger: logger
            )
        }
        let clusters = Self.clusters(settings, record)
        witness = target.database.map { ClusterWitness(database: $0.administration, clusters: clusters) }
        snapshots = target.database.flatMap { Self.snapshots(of: $0, settings, logger) }
        executor = ActionExecutor(
            catalogue: .make(
                for: target,
                processes: ProcessSteps(control: control, readiness: HTTPReadiness()),
                clusters: clusters,
                secrets: StagedSecrets(directory: "\(settings.state)/staged"),
                snapshots: snapshots,
                rotation: Self.rotation(of: target, settings),
                floodgate: Self.floodgate(of: target, settings)
            ),
            verifier: GrantVerifier(
                trustPath: settings.trust,
                instanceID: settings.instanceID,
                organisation: settings.record?.organisation ?? "lab"
            ),
            journal: journal,
            shared: SharedResources(claims: shared.claims, locks: shared.locks),
            epochs: record.map { PostgresEpochSource(configuration: $0) } ?? NoEpochSource(),
            recorder: recorder ?? NoRecorder(),
            logger: logger,
            metrics: metrics,
            lockPatience: settings.lockPatience
        )
    }

    /// The database of the records, for this service's own few statements.
    private static func configuration(_ record: RecorderConfiguration) throws -> PostgresConfiguration {
        var configuration = try record.connection()
        configuration.applicationName = "action"
        configuration.connectTimeout = .seconds(2)
        configuration.options["idle_in_transaction_session_timeout"] = "10s"
        return configuration
    }

    private static func snapshots(
        of database: Target.Database,
        _ settings: Settings,
        _ logger: Logger
    ) -> SnapshotKeeper? {
        database.snapshots.map { declared in
            SnapshotKeeper(
                database: database.administration,
                tables: declared.tables,
                every: declared.every,
                shelf: SnapshotShelf(directory: "\(settings.state)/snapshots", keep: declared.keep),
                logger: logger
            )
        }
    }

    /// Nil where nobody gave us a key for it.
    private static func rotation(of target: Target, _ settings: Settings) -> (any Rotation)? {
        guard let balancer = target.balancer, let key = settings.targetKey else { return nil }
        return HTTPRotation(url: balancer.url, keyFile: key)
    }

    /// Nil where nobody gave us a key for it.
    private static func floodgate(of target: Target, _ settings: Settings) -> (any Floodgate)? {
        guard let balancer = target.balancer, let key = settings.targetKey else { return nil }
        return HTTPFloodgate(url: balancer.url, keyFile: key)
    }

    private static func clusters(_ settings: Settings, _ record: PostgresConfiguration?) -> ClusterMemory {
        ClusterMemory(path: "\(settings.state)/cluster") {
            guard let record else { return "" }
            // No answer is an answer here: then our own database cannot be told apart, and no server is stopped.
            return try? await DatabaseDesk(configuration: record).query(ClusterMemory.question).first?["identifier"]
        }
    }
}
