import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ChaosServer

/// A real injector with a real database and a real cache, in directories of its own.
final class ChaosLab: Sendable {
    let directory: TemporaryDirectory
    let database: PostgresConfiguration
    let client: ChaosClient
    let port: Int
    let killPort: Int
    let key: String
    var state: String { self.directory.file("chaos") }
    var door: String { self.directory.file("guard.sock") }
    var cache: String { self.directory.file("cache") }
    /// The configuration file of the shop's programs.
    var environment: String { self.directory.file("shop.env") }
    static let environmentText =
        "# settings\nDB_PASSWORD=s3cr3t-words\nSTATEMENT_TIMEOUT=2s\nWORKER_CONCURRENCY=4\nPAYMENTS_KEY=\(paymentsKey)\nPAYMENTS_ACTIVE=primary\n"
    /// Where the shop's programs look names up.
    var hosts: String { self.directory.file("shop.hosts") }
    static let hostsText = "payments-a=127.0.0.1\npayments-b=127.0.0.1\n"
    /// The list of the keys that the providers take.
    var providerKeys: String { self.directory.file("provider.keys") }
    static let paymentsKey = "merchant-s3cr3t"
    private let passwords: [String: String]
    private let isGuardApart: Bool
    /// Settings beyond those that each server has.
    private let arguments: [String]
    private let server: Server

    /// The server process, which tests kill and start again.
    private actor Server {
        var child: ChildProcess?
        /// The guard, where it is nobody's child but the test's.
        var guardian: ChildProcess?
        func set(_ child: ChildProcess?) { self.child = child }
        func set(guardian: ChildProcess?) { self.guardian = guardian }
    }

    static let program = FileSystem.parent(of: executablePath()) + "/ChaosServer"

    /// Lends a lab to a test and takes it down whatever happens.
    static func with(
        atMost: Int = 4,
        load: String? = nil,
        passwords: [String: String] = [:],
        isGuardApart: Bool = false,
        caps: String? = nil,
        arguments: [String] = [],
        way: ProxiedWay? = nil,
        cluster: PostgresFixture = .shared,
        _ body: (ChaosLab) async throws -> Void
    ) async throws {
        let lab = try await ChaosLab(
            limits: "at_most: \(atMost)" + (caps.map { ", \($0)" } ?? ""),
            load: load,
            passwords: passwords,
            isGuardApart: isGuardApart,
            arguments: arguments,
            way: way,
            cluster: cluster
        )
        do {
            if isGuardApart { try await lab.startGuard() }
            try await lab.start()
            try await body(lab)
        } catch {
            await lab.dismantle()
            throw error
        }
        await lab.dismantle()
    }

    /// `passwords` are texts by role, of which the injector gets files.
    private init(
        limits: String,
        load: String?,
        passwords: [String: String],
        isGuardApart: Bool,
        arguments: [String],
        way: ProxiedWay?,
        cluster: PostgresFixture
    ) async throws {
        self.arguments = arguments
        self.passwords = passwords
        self.isGuardApart = isGuardApart
        self.directory = try TemporaryDirectory()
        self.database = try await cluster.database(template: "shop") { try await ShopTables.create($0) }
        (self.port, self.killPort) = (FreePort.take(), FreePort.take())
        let key = APIKey.generate()
        self.key = key.secretText
        self.client = ChaosClient(base: "http://127.0.0.1:\(self.port)", key: key.secretText)
        self.server = Server()
        for name in ["chaos", "claims", "locks", "cache", "scratch", "history", "names"] {
            try FileSystem.makeDirectory(self.directory.file(name))
        }
        for number in 1...6 { try self.writeEntry(number, price: 100 * number) }
        try FileSystem.writeAtomically(Self.environmentText, to: self.environment, mode: 0o640)
        try FileSystem.writeAtomically(Self.hostsText, to: self.hosts, mode: 0o664)
        let keys = AcceptedKeys(of: ["another-merchant", Self.paymentsKey])
        try FileSystem.writeAtomically(keys.text, to: self.providerKeys, mode: 0o660)
        for (role, password) in passwords {
            try FileSystem.writeAtomically(password + "\n", to: self.directory.file("password-\(role)"))
        }
        try self.write(
            "keys.json",
            [
                [
                    "prefix": .string(key.prefix), "sha256": .string(key.hash.hex), "principal": "tester",
                    "scopes": ["chaos"], "root": "tester",
                ]
            ]
        )
        var bindings = self.bindings.objectValue ?? [:]
        if let load { bindings["load"] = ["url": .string(load), "program": "load"] }
        if let way { bindings["components"] = way.bound(bindings["components"]?.objectValue ?? [:]) }
        try self.write("bindings.json", .object(bindings))
        try FileSystem.writeAtomically(Self.topology(limits: limits), to: self.directory.file("topology.yaml"))
    }

    func start() async throws {
        let log = try FileDescriptor(
            opening: self.directory.file("server.log"),
            O_WRONLY | O_CREAT | O_APPEND,
            mode: 0o600
        )
        let child = try Spawn(
            path: Self.program,
            arguments: [
                "serve", "--listen", "127.0.0.1:\(self.port)", "--kill-listen", "127.0.0.1:\(self.killPort)",
                "--guard-socket",
                self.door, "--state", self.state, "--topology", self.directory.file("topology.yaml"), "--bindings",
                self.directory.file("bindings.json"), "--keys", self.directory.file("keys.json"), "--log-level",
                "warning",
            ] + (self.isGuardApart ? ["--guard-apart"] : [])
                + self.passwords.keys.flatMap { ["--passwords-\($0)", self.directory.file("password-\($0)")] }
                + self.arguments,
            directory: "/",
            standardError: log.raw,
            newSession: true
        ).start()
        withExtendedLifetime(log) {}
        await self.server.set(child)
        try await eventually("the server listens", within: .seconds(60)) { try await self.isReady() }
    }

    /// What the servers of this lab have logged.
    func log() throws -> String { try FileSystem.text(self.directory.file("server.log")) }

    private func isReady() async throws -> Bool {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(self.port)/health", timeout: .seconds(1), retries: 0)
        guard let answer = try? await HTTPClient().send(request) else { return false }
        return String(decoding: answer.body, as: UTF8.self).contains("on duty")
    }

    /// Starts a guard of its own, as a container's engine does.
    func startGuard() async throws {
        let child = try Spawn(
            path: Self.program,
            arguments: ["guard", "--apart", "--state", self.state, "--socket", self.door],
            directory: "/",
            newSession: true
        ).start()
        await self.server.set(guardian: child)
    }

    var guardProcess: ChildProcess { get async throws { try #require(await self.server.guardian) } }

    var serverProcess: ChildProcess { get async throws { try #require(await self.server.child) } }

    /// Waits for the end of a server that was killed, so that the next one can take its ports.
    func awaitServerEnd() async throws { #expect(try await self.serverProcess.wait(within: .seconds(5)) != nil) }

    var guardIdentity: ProcessIdentity {
        get throws { try OpsJSON.decode(ProcessIdentity.self, from: FileSystem.read("\(self.state)/guard.json")) }
    }

    /// Ends the server in good order, then whatever its files say is still alive.
    private func dismantle() async {
        if let child = await self.server.child, child.reap() == nil {
            child.handle.signal(SIGCONT)
            await child.stop(grace: .seconds(9))
        }
        if let identity = try? self.guardIdentity { ProcessHandle(identity)?.signal(SIGKILL) }
        if let guardian = await self.server.guardian, guardian.reap() == nil { await guardian.stop(grace: .zero) }
    }

    /// Whether the journal of a fault has a line of this step.
    func hasLine(_ step: String, about id: String) throws -> Bool {
        try FaultStore(state: self.state).file(id)?.lines.contains { $0.step.word == step } ?? false
    }

    func writeEntry(_ number: Int, price: Int) throws {
        let content = Array(
            "{\"data\":[{\"id\":\(number),\"name\":\"product \(number)\",\"price_cents\":\(price)}]}".utf8
        )
        let checksum = String(CRC32C.checksum(content), radix: 16)
        let head = Array("shop-cache 1 crc32c=\(checksum) expires=4000000000\n".utf8)
        try FileSystem.writeAtomically(head + content, to: "\(self.cache)/products-\(number).entry", mode: 0o664)
    }

    private func write(_ name: String, _ value: JSONValue) throws {
        try FileSystem.writeAtomically(OpsJSON.encode(value), to: self.directory.file(name))
    }

    private var bindings: JSONValue {
        [
            "runtime": "local", "isolation": "I0", "instance": "test", "instance_id": "00",
            "supervisor": .string(self.directory.file("supervisor.sock")),
            "components": [
                "db": [
                    "kind": "postgres", "instances": [["name": "db", "program": "db"]],
                    "postgres": [
                        "host": .string(self.passwords.isEmpty ? "127.0.0.1" : self.database.host),
                        "port": .int(self.database.port), "socket": .string(self.database.host),
                        "database": .string(self.database.database), "admin": "postgres",
                    ],
                ],
                "cache": ["kind": "directory", "path": .string(self.cache)],
                "scratch": ["kind": "directory", "path": .string(self.directory.file("scratch"))],
                "api": [
                    "kind": "http",
                    "instances": [
                        ["name": "api-1", "program": "api-1", "strains": .string(self.directory.file("s-api-1.sock"))],
                        ["name": "api-2", "program": "api-2", "strains": .string(self.directory.file("s-api-2.sock"))],
                    ],
                ],
                "worker": ["kind": "worker", "instances": [["name": "worker", "program": "worker"]]],
                "report": ["kind": "batch", "instances": [["name": "report", "program": "report"]]],
                "payments": [
                    "kind": "provider", "keys": .string(self.providerKeys),
                    "providers": [
                        "primary": [
                            "url": "http://127.0.0.1:9", "host": "payments-a", "program": "payments-a",
                            "strains": .string(self.directory.file("s-payments-a.sock")),
                        ],
                        "fallback": [
                            "url": "http://127.0.0.1:10", "host": "payments-b", "program": "payments-b",
                            "strains": .string(self.directory.file("s-payments-b.sock")),
                        ],
                    ],
                ],
            ],
            "config": [
                "shop.env": ["path": .string(self.environment), "history": .string(self.directory.file("history"))],
                "shop.hosts": ["path": .string(self.hosts), "history": .string(self.directory.file("names"))],
            ],
            "shared": [
                "claims": .string(self.directory.file("claims")), "locks": .string(self.directory.file("locks")),
            ],
        ]
    }

    /// The shop's own topology with other limits for faults.
    private static func topology(limits: String) throws -> String {
        let source = FileSystem.parent(
            of: FileSystem.parent(of: FileSystem.parent(of: FileSystem.parent(of: #filePath)))
        )
        return try FileSystem.text("\(source)/compose/topology.yaml").split(separator: "\n").map {
            $0.hasPrefix("chaos:")
                ? "chaos: {scope: [web, api, worker, report, payments, db, cache, scratch], \(limits), longest: 10m}"
                : $0
        }.joined(separator: "\n")
    }
}

/// The part of the shop's schema that faults touch, and the people and programs that log in.
enum ShopTables {
    static func create(_ configuration: PostgresConfiguration) async throws {
        let connection = try await PostgresConnection.connect(configuration)
        defer { connection.close() }
        try await connection.execute(
            script: """
                CREATE TABLE stock (product_id integer PRIMARY KEY, available integer NOT NULL);
                INSERT INTO stock SELECT n, 100 FROM generate_series(1, 40) n;
                CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, payload text NOT NULL,
                  state text NOT NULL DEFAULT 'queued', attempts integer NOT NULL DEFAULT 0, worker text,
                  created_at timestamptz NOT NULL DEFAULT now(), run_at timestamptz NOT NULL DEFAULT now(), started_at timestamptz);
                CREATE TABLE jobs_quarantine (id bigint PRIMARY KEY, kind text NOT NULL, payload text NOT NULL,
                  attempts integer NOT NULL, reason text NOT NULL, created_at timestamptz NOT NULL);
                DO $$ DECLARE r text; BEGIN
                  FOREACH r IN ARRAY ARRAY['shop', 'report', 'operator'] LOOP
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
                      EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', r, 'first');
                    END IF;
                  END LOOP;
                END $$;
                GRANT SELECT, UPDATE ON stock TO shop, report, operator;
                """
        )
    }
}

/// Waits until a condition holds; fails the test when it does not within the time.
///
/// The time is for a machine that has much else to do, and less than any lease that a test gives. A test about a bound gives its own,
/// and so does one that waits for a program's start: a supervisor's was seen to take twenty seconds.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(20),
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("not within \(limit): \(what)", sourceLocation: sourceLocation)
}
