import AgentOps
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsRuntime
import OpsService
import OpsSpec
import OpsSystem
import OpsTrust

/// The only place that says what the gate is made of.
struct GateComposition {
    let configuration: GateConfiguration
    private let logger: Logger
    let metrics = MetricsRegistry()
    let changed = ChangeSignal()
    let store: PostgresGateStore
    private let recorder: Recorder
    private let probe: DatabaseProbe
    let peers: Peers
    let signer: SigningKey?
    private let actionLimit: Int
    let handicaps = HandicapDesk()
    let memory: IncidentMemory
    let topology: Topology
    let bindings: Bindings?
    private let chat: ChatConfiguration?

    init(_ configuration: GateConfiguration, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        topology = try Topology.load(configuration.topology)
        bindings = configuration.bindings.isEmpty ? nil : try Bindings.load(configuration.bindings)
        let objectives = Dictionary(uniqueKeysWithValues: topology.journeys.map { ($0.name, $0.objective) })
        recorder = try Self.recorder(configuration, logger)
        store = PostgresGateStore(
            organisation: try Self.organisation(configuration),
            recorder: recorder,
            initialPolicy: .initial(Autonomy(rawValue: configuration.autonomy) ?? .approve)
        )
        memory = IncidentMemory(store: store)
        probe = DatabaseProbe(try Self.database(configuration))
        peers = try Self.peers(configuration, objectives: objectives)
        let hasKey = FileSystem.exists(configuration.signingKeyFile)
        signer = hasKey ? try SigningKey.read(from: configuration.signingKeyFile) : nil
        chat = configuration.chat.isEmpty ? nil : try ChatConfiguration(file: configuration.chat)
        actionLimit = topology.limits.actionsPerIncident
    }

    private static func organisation(_ configuration: GateConfiguration) throws -> OrganisationPool {
        OrganisationPool(
            pool: PostgresPool(try database(configuration), limit: 8),
            organisation: configuration.record.organisation
        )
    }

    private static func database(_ configuration: GateConfiguration) throws -> PostgresConfiguration {
        var database = configuration.record.database
        database.password = try configuration.record.passwordFile.map(secret)
        database.applicationName = "gate"
        return database
    }

    private static func recorder(_ configuration: GateConfiguration, _ logger: Logger) throws -> Recorder {
        guard !configuration.record.spool.isEmpty else { return .disabled }
        return try Recorder(configuration.record, registration: Registration(id: "gate", name: "Gate"), logger: logger)
    }

    /// Signs how the audit chain stands, into a file outside the database.
    private func checkpointer() throws -> AuditCheckpointer? {
        guard let signer else { return nil }
        return AuditCheckpointer(
            pool: try boundPool(limit: 1),
            organisation: configuration.record.organisation,
            key: signer,
            path: configuration.checkpointFile,
            logger: logger,
            whenBehind: RolledBackRecords(store: store).stopAgents
        )
    }

    /// Connections that belong to the organisation from the start, for what sets no name of its own.
    private func boundPool(limit: Int) throws -> PostgresPool {
        var database = try Self.database(configuration)
        database.options["agentops.org"] = configuration.record.organisation
        return PostgresPool(database, limit: limit)
    }

    private func auditDesk() throws -> AuditDesk {
        let (file, trust) = (configuration.checkpointFile, configuration.trustFile)
        return AuditDesk(pool: try boundPool(limit: 2), organisation: configuration.record.organisation) {
            let ring = try OpsJSON.decode(TrustFile.self, from: FileSystem.read(trust, limit: 1 << 20)).ring
            let keys = ring.keys.filter { $0.role != .approver }.map(\.publicKey)
            return (try AuditCheckpoint.read(file), keys)
        }
    }

    func services() throws -> [any Service] {
        let store = store
        let worker = CommandWorker(
            store: store,
            changed: changed,
            logger: logger,
            windowS: { (try? await store.policy().windowS) ?? 15 },  // unread: the usual window
            act: peers.act
        )
        let ticker = IncidentTicker(
            store: store,
            changed: changed,
            logger: logger,
            journeys: peers.journeys
        )
        let checkpoints: [any Service] = try checkpointer().map { [$0] } ?? []
        let outbox: [any Service] =
            chat.map { [ChatOutbox(store: store, changed: changed, configuration: $0, logger: logger)] } ?? []
        return [try server(), worker, ticker] + outbox + checkpoints + [recorder]
    }

    private func server() throws -> HTTPServer {
        var router = Router()
        let boundary = AgentBoundary(desk: agentDesk, renaming: renaming)
        AgentController(desk: boundary).register(in: &router)
        MCPController(server: MCPServer(tools: ToolDesk(desk: boundary), logger: logger)).register(in: &router)
        HandicapRoutes(at: "/api/v1/handicap", desk: handicaps).install(in: &router)
        MemoryController(memory: memory).register(in: &router)
        PeopleController(desk: peopleDesk).register(in: &router)
        AgentPauseController(store: store, changed: changed).register(in: &router)
        let door = SignInDesk(
            keys: KeyFile(path: configuration.keys),
            instanceID: configuration.instanceID,
            logger: logger
        )
        ApprovalPages(desk: peopleDesk, door: door).register(in: &router)
        if let chat {
            SlackController(desk: ChatDesk(people: peopleDesk, configuration: chat, logger: logger))
                .register(in: &router)
        }
        PolicyController(desk: policyDesk).register(in: &router)
        AuditController(desk: try auditDesk()).register(in: &router)
        SignalController(
            intake: PageIntake(store: store, changed: changed, actionLimit: actionLimit),
            reader: AlertReader(topology)
        ).register(in: &router)
        return HTTPServer(
            configuration: HTTPServerConfiguration(listen: .init(configuration.listen), name: "ControlPlane"),
            router: router,
            authenticator: GateAuthenticator(file: KeyFile(path: configuration.keys), store: store),
            standardRoutes: StandardRoutes { [probe] in await probe.report() },
            logger: logger,
            metrics: metrics
        )
    }
}
