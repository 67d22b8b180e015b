import AgentOps
import GateClient
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsRuntime
import OpsService
import OpsSpec
import OpsSystem
import OpsTestKit
import OpsTrust

@testable import ControlPlane

/// A whole gate over a real PostgreSQL and a real socket; only the other services are played.
struct GateBench: Sendable {
    let store: PostgresGateStore
    let world = PlayedWorld()
    let sessions = SessionRegistry()
    let ticker: IncidentTicker
    let worker: CommandWorker
    let people: PeopleDesk
    private let server: HTTPServer
    private let directory: TemporaryDirectory
    private let gateKey = SigningKey.generate()
    private let keys = ["agent", "operator", "referee", "signal:write", "signal:write signal:witness"]
        .reduce(into: [:]) { $0[$1] = APIKey.generate() }
    private static let instance = "bench"
    private static let places = Turnstile(4)

    private let desk: @Sendable (PostgresGateStore) -> PeopleDesk

    private init(
        leaseS: Double,
        ceiling: TrustFile.Authority,
        people: [String: String?],
        startedBy: String?,
        chat: ChatConfiguration?,
        records: PostgresFixture
    ) async throws {
        ignoreBrokenPipes()  // as every service does
        directory = try TemporaryDirectory()
        let changed = ChangeSignal()
        let logger = Logger(label: "gate", level: .error)
        let store = try await Self.store(in: records)
        var ring = KeyRing()
        for (name, maker) in people {
            let key = SigningKey.generate()
            try FileSystem.makeDirectory(directory.file("people/\(name)"))
            try key.write(to: directory.file("people/\(name)/approver.key"))
            ring.keys.append(TrustedKey(name: name, role: .approver, publicKey: key.publicKey, mintedBy: maker))
        }
        ring.keys.append(TrustedKey(name: "gate", role: .gate, publicKey: gateKey.publicKey))
        let trust = TrustFile(ring: ring, ceiling: ceiling)
        let trustFile = directory.file("trust.json")
        try FileSystem.writeAtomically(try OpsJSON.encode(trust), to: trustFile, mode: 0o600)
        let peers = world.peers
        self.store = store
        ticker = IncidentTicker(store: store, changed: changed, logger: logger, journeys: peers.journeys)
        worker = CommandWorker(store: store, changed: changed, logger: logger, windowS: { 1 }, act: peers.act)
        try Self.write(keys, to: directory.file("keys.json"))
        var router = Router()
        let handicaps = HandicapDesk()
        let memory = IncidentMemory(store: store)
        let desk = AgentDesk(
            store: store,
            peers: peers,
            changed: changed,
            instanceID: Self.instance,
            organisation: "lab",
            approvalTimeoutS: 60,
            leaseS: leaseS,
            handicaps: handicaps,
            memory: memory,
            startedBy: startedBy,
            trust: { trust }
        )
        let boundary = AgentBoundary(desk: desk, renaming: Self.renaming)
        AgentController(desk: boundary).register(in: &router)
        MCPController(server: MCPServer(tools: ToolDesk(desk: boundary, sessions: sessions), logger: logger)).register(
            in: &router
        )
        HandicapRoutes(at: "/api/v1/handicap", desk: handicaps).install(in: &router)
        MemoryController(memory: memory).register(in: &router)
        let roles = directory.file("roles.json")
        try FileSystem.writeAtomically(#"{"sales_lead": ["bob"], "dba": ["ann"]}"#, to: roles, mode: 0o600)
        let signature = GateSignature(key: gateKey)
        self.desk = { store in
            PeopleDesk(
                store: store,
                changed: changed,
                approvalTimeoutS: 60,
                signature: signature,
                startedBy: startedBy,
                rolesFile: roles
            ) {
                let known = try OpsJSON.decode(TrustFile.self, from: FileSystem.read(trustFile))
                return GrantInspection(trust: known, instanceID: Self.instance)
            }
        }
        self.people = self.desk(store)
        PeopleController(desk: self.people).register(in: &router)
        AgentPauseController(store: store, changed: changed).register(in: &router)
        let door = SignInDesk(
            keys: KeyFile(path: directory.file("keys.json")),
            instanceID: Self.instance,
            logger: Logger(label: "pages", level: .error)
        )
        ApprovalPages(desk: self.people, door: door).register(in: &router)
        if let chat {
            SlackController(desk: ChatDesk(people: self.people, configuration: chat, logger: logger))
                .register(in: &router)
        }
        let policies = PolicyDesk(store: store, catalogue: peers.catalogue) {
            try ApproverRoles(trust.ring, file: roles, at: .now())
        }
        PolicyController(desk: policies).register(in: &router)
        let (checkpoints, gate) = (directory.file("audit-checkpoints.jsonl"), gateKey.publicKey)
        let audit = AuditDesk(pool: Self.bound(store, as: "gate"), organisation: "lab", freshFor: .zero) {
            (try AuditCheckpoint.read(checkpoints), [gate])
        }
        AuditController(desk: audit).register(in: &router)
        SignalController(
            intake: PageIntake(store: store, changed: changed, actionLimit: 4),
            reader: AlertReader(journeys: ["checkout"], components: ["cache"])
        ).register(in: &router)
        server = HTTPServer(
            configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "ControlPlane"),
            router: router,
            authenticator: GateAuthenticator(file: KeyFile(path: directory.file("keys.json")), store: store),
            logger: logger,
            metrics: MetricsRegistry()
        )
    }

    /// Lends a running gate in which one incident is open; a few at a time.
    static func with(
        leaseS: Double = 20,
        ceiling: TrustFile.Authority = .human,
        people: [String: String?] = ["ann": nil],
        startedBy: String? = nil,
        chat: ChatConfiguration? = nil,
        records: PostgresFixture = .shared,
        _ body: @Sendable (GateBench, _ incident: String) async throws -> Void
    ) async throws {
        try await places.pass {
            let bench = try await GateBench(
                leaseS: leaseS,
                ceiling: ceiling,
                people: people,
                startedBy: startedBy,
                chat: chat,
                records: records
            )
            try await bench.server.start()
            let incident = try await bench.open()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await bench.server.run() }
                group.addTask { try await bench.ticker.run() }
                group.addTask { try await bench.worker.run() }
                defer { group.cancelAll() }
                try await body(bench, incident)
            }
        }
    }

    static func store(in records: PostgresFixture = .shared) async throws -> PostgresGateStore {
        var configuration = try await records.database(template: "agentops-gate") { database in
            let connection = try await PostgresConnection.connect(database)
            _ = try await AgentOpsSchema.migrator.up(connection)
            connection.close()
        }
        configuration.user = "gate"
        // How long a caller may wait is the pool's own test's business; here ten of them may take a busy machine's time.
        let pool = PostgresPool(configuration, limit: 8, acquireTimeout: .seconds(60))
        return PostgresGateStore(organisation: OrganisationPool(pool: pool, organisation: "lab"))
    }

    private static func write(_ keys: [String: APIKey], to path: String) throws {
        let entries: [JSONValue] = keys.map { name, key in
            [
                "prefix": .string(key.prefix), "sha256": .string(key.hash.hex), "principal": .string(name),
                "scopes": .array(name.split(separator: " ").map { .string(String($0)) }), "root": .string(name),
            ]
        }
        try FileSystem.writeAtomically(try OpsJSON.encode(entries), to: path, mode: 0o600)
    }

    /// Nobody is let in with that principal's key any more.
    func takeAway(keyOf principal: String) throws {
        try Self.write(keys.filter { $0.key != principal }, to: directory.file("keys.json"))
    }

    /// Has the same journey page once more, after the incident before it is over.
    func openAnother() async throws -> String { try await open() }

    private func open() async throws -> String {
        let page = Page(fingerprint: "c", journey: "checkout", status: .firing, summary: "burns", startedAt: .now())
        let intake = PageIntake(store: store, changed: ChangeSignal(), actionLimit: 4)
        try await intake.take([page])
        return try await store.openRecords()[0].incident.id
    }
}

// MARK: who talks to it

extension GateBench {
    var base: String { "http://127.0.0.1:\(server.port)" }

    /// The agent has been silent for too long: what the ticker would do a minute later, so that no test races with a short lease.
    func letLapse(_ incident: String) async throws {
        try await store.change(incident) {
            IncidentStateMachine(record: $0, now: .now() + 60).released(listeningSince: Timestamp(secondsSinceEpoch: 0))
        }
    }

    /// The records as a person at the shell reads them.
    func recordsAsOperator() -> PostgresPool { Self.bound(store, as: "operator") }

    private static func bound(_ store: PostgresGateStore, as role: String) -> PostgresPool {
        var configuration = store.organisation.pool.configuration
        configuration.user = role
        configuration.options["agentops.org"] = "lab"
        return PostgresPool(configuration, limit: 1, acquireTimeout: .seconds(60))
    }

    /// Signs how the chain stands now, as the gate's own checkpointer does.
    func checkpoint() async throws {
        let pool = recordsAsOperator()
        defer { pool.close() }
        try await AuditCheckpointer(pool: pool, organisation: "lab", key: gateKey, path: checkpointFile)
            .checkpoint(after: nil)
    }

    /// As the gate runs it; its connection stays for the test.
    func checkpointer(
        _ whenBehind: @escaping @Sendable (AuditCheckpoint, AuditHead) async throws -> Void
    ) -> AuditCheckpointer {
        AuditCheckpointer(
            pool: recordsAsOperator(),
            organisation: "lab",
            key: gateKey,
            path: checkpointFile,
            whenBehind: whenBehind
        )
    }

    var checkpointFile: String { directory.file("audit-checkpoints.jsonl") }

    /// Runs SQL as the owner of the cluster with every trigger off: the strongest forger there is.
    func forge(_ sql: String) async throws {
        var configuration = store.organisation.pool.configuration
        configuration.user = "postgres"
        let connection = try await PostgresConnection.connect(configuration)
        defer { connection.close() }
        try await connection.execute(script: "SET session_replication_role = replica; \(sql)")
    }

    var gatePublicKey: PublicKey { gateKey.publicKey }
    var hostKey: String { keys["agent"]?.secretText ?? "" }

    var personKey: String { keys["operator"]?.secretText ?? "" }

    private func service(_ key: String) -> ServiceClient { ServiceClient(base: base, key: key) }

    var host: AgentHostClient { AgentHostClient(service(hostKey)) }

    /// The names of the played world, as a seed changes them.
    static let renaming: @Sendable (Int) -> Renaming = { seed in
        var chance = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)))
        return Renaming(["shop", "checkout", "cache", "api"], using: &chance)
    }

    /// What a path answers to the referee: status and body.
    func get(_ path: String) async throws -> (Int, [UInt8]) {
        let key = keys["referee"]?.secretText
        let response = try await HTTPClient().send(HTTPClientRequest(url: base + path, key: key, retries: 0))
        return (response.status, response.body)
    }

    /// What the gate answers to somebody, by default a person: status, body and tag.
    func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: [UInt8] = [],
        as principal: String? = "operator",
        ifMatch tag: String? = nil
    ) async throws -> (status: Int, body: JSONValue, tag: String?) {
        var request = HTTPClientRequest(method: method, url: base + path, body: body, retries: 0)
        request.key = principal.flatMap { keys[$0]?.secretText }
        if !body.isEmpty { request.headers["Content-Type"] = "application/json" }
        request.headers["If-Match"] = tag
        let response = try await HTTPClient().send(request)
        let document = (try? OpsJSON.decode(JSONValue.self, from: response.body)) ?? .null  // some answers have no body
        return (response.status, document, response.headers["ETag"])
    }

    /// Observer's key, which says of its pages that they are witnessed.
    var witnessKey: String { keys["signal:write signal:witness"]?.secretText ?? "" }

    /// What the gate answers to an Alertmanager, or to whoever shows another key in its place: status and body.
    func page(_ body: [UInt8], key: String? = nil, type: String = "application/json") async throws -> (Int, [UInt8]) {
        let request = HTTPClientRequest(
            method: .post,
            url: "\(base)/signals/alertmanager",
            headers: ["Content-Type": type],
            body: body,
            key: key ?? keys["signal:write"]?.secretText,
            retries: 0
        )
        let response = try await HTTPClient().send(request)
        return (response.status, response.body)
    }

    /// Whoever sets what is kept back.
    var referee: OperatorClient { OperatorClient(service(keys["referee"]?.secretText ?? "")) }

    var person: OperatorClient { OperatorClient(service(personKey)) }

    func agent(_ claim: ClaimedIncident) -> IncidentClient {
        IncidentClient(service(claim.key), incident: claim.incident.id)
    }

    /// Somebody who speaks about the incident with this key.
    func agent(of incident: String, withKey key: APIKey) -> IncidentClient {
        IncidentClient(service(key.secretText), incident: incident)
    }

    /// Waits until an incident is free, and takes it.
    func claim(_ incident: String, as name: String) async throws -> ClaimedIncident {
        for _ in 0..<4 {
            let free = try await host.unclaimed(waiting: 5)
            if free.contains(where: { $0.id == incident }) { break }
        }
        return try await host.claim(incident, as: AgentClaim(agent: name, version: "1"))
    }

    /// The incident when it is over, or as it stands after twenty seconds.
    func ended(_ incident: String) async throws -> Incident {
        for _ in 0..<400 {
            let now = try await store.record(incident).incident
            if now.endedAt != nil { return now }
            try await Task.sleep(for: .milliseconds(50))
        }
        return try await store.record(incident).incident
    }

    /// Waits for something to be true, twenty seconds at most.
    func until(_ isTrue: () async throws -> Bool) async throws {
        for _ in 0..<400 {
            if try await isTrue() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The people's desk as a gate has it that starts now, over the same records and nothing else.
    func deskAfterRestart() -> PeopleDesk {
        let pool = PostgresPool(store.organisation.pool.configuration, limit: 2, acquireTimeout: .seconds(60))
        return desk(PostgresGateStore(organisation: OrganisationPool(pool: pool, organisation: "lab")))
    }

    /// Ends the keys of a person at once.
    func revokeKeys(of name: String) throws {
        let path = directory.file("trust.json")
        var trust = try OpsJSON.decode(TrustFile.self, from: FileSystem.read(path))
        for index in trust.ring.keys.indices where trust.ring.keys[index].name == name {
            trust.ring.keys[index].notAfter = .now()
        }
        try FileSystem.writeAtomically(try OpsJSON.encode(trust), to: path, mode: 0o600)
    }

    /// What somebody signs who says yes to an option.
    func yes(to detail: ApprovalDetail, option number: Int = 1, as name: String) throws -> ApprovalDecision {
        let approver = try Approver(name, in: directory.file("people"))
        let option = detail.options[number - 1]
        let grants = try approver.grants(for: option, at: .now(), openUntil: detail.approval.expiresAt)
        return ApprovalDecision(option: number, grants: grants)
    }

    func approve(_ id: String, option number: Int = 1, as name: String = "ann") async throws -> Approval {
        let detail = try await person.approval(id)
        return try await person.approve(id, try yes(to: detail, option: number, as: name))
    }
}
