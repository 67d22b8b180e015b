import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem
import OpsTestKit
import OpsTrust

@testable import ActionPlane

/// A small real target: a supervisor, two api processes that read `shop.env` when they start, and a database server with
/// passwords.
final class TargetBench: Sendable {
    let directory: String
    let target: Target
    let control: SupervisorControl
    let supervisor: ChildProcess
    let ports: [Int]

    var steps: ProcessSteps { ProcessSteps(control: control, readiness: HTTPReadiness(), patience: .seconds(4)) }
    var environmentPath: String { "\(directory)/shop.env" }

    static func with(database: Bool, _ body: (TargetBench) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let bench = try await TargetBench(directory, database: database)
            do {
                try await body(bench)
                await bench.stop()
            } catch {
                await bench.stop()
                throw error
            }
        }
    }

    private init(_ directory: String, database: Bool) async throws {
        self.directory = directory
        chmod(directory, 0o755)
        ports = (0..<4).map { _ in FreePort.take() }
        try FileSystem.writeAtomically(Self.program, to: "\(directory)/api.py")
        try FileSystem.makeDirectory("\(directory)/history")
        try FileSystem.writeAtomically(
            "# the shop's settings\nDB_PASSWORD=old\nPAYMENTS_ACTIVE=primary\nDB_POOL=10\n",
            to: "\(directory)/shop.env"
        )
        try FileSystem.makeDirectory("\(directory)/names")
        try FileSystem.writeAtomically("pay-a=127.0.0.1\n", to: "\(directory)/shop.hosts")
        try Self.writeKey(directory)
        if database { try await Self.makeCluster(directory) }
        try FileSystem.writeAtomically(
            Self.configuration(directory, ports, database),
            to: "\(directory)/supervisord.conf"
        )
        let quiet = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(quiet) }
        supervisor = try await Launcher.shared.start(
            Spawn(
                path: "/usr/bin/setpriv",
                arguments: [
                    "--pdeathsig", "TERM", "--", "/usr/bin/supervisord", "-n", "-c", "\(directory)/supervisord.conf",
                ],
                environment: ["PATH": "/usr/bin:/bin"],
                directory: directory,
                standardOutput: quiet,
                standardError: quiet
            )
        )
        let client = SupervisorClient(socket: "\(directory)/s.sock", http: HTTPClient())
        control = SupervisorControl(client: client)
        target = Self.target(directory, ports)
        let end = ContinuousClock.now + .seconds(20)
        while await !client.answers() {
            guard ContinuousClock.now < end else { throw ActionError(.timedOut, "supervisord does not answer") }
            try await Task.sleep(for: .milliseconds(20))
        }
        try await start(database ? ["db", "api-1", "api-2"] : ["api-1", "api-2"])
    }

    /// Starts the programs and waits until they serve.
    func start(_ programs: [String]) async throws {
        for program in programs { try await control.start(program) }
        let end = ContinuousClock.now + .seconds(20)
        if programs.contains("db"), let database = target.database {
            while (try? await DatabaseDesk(configuration: database.administration).query("SELECT 1")) == nil {
                guard ContinuousClock.now < end else { throw ActionError(.timedOut, "the server does not answer") }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        for instance in target.processes[0].instances where programs.contains(instance.program) {
            guard await HTTPReadiness().isReady(instance.url ?? "", within: .seconds(20)) else {
                throw ActionError(.timedOut, "\(instance.name) does not serve")
            }
        }
    }

    /// Which settings a running instance has read.
    func seen(by index: Int) async throws -> JSONValue {
        try await HTTPClient().send(
            HTTPClientRequest(method: .get, url: "http://127.0.0.1:\(ports[index])/seen")
        ).json(JSONValue.self)
    }

    func identity(_ program: String) async throws -> ProcessIdentity? {
        try await control.status(of: program).identity
    }

    /// Holds a running program still, and gives its process.
    func freeze(_ program: String) async throws -> ProcessIdentity? {
        guard let process = try await identity(program) else { return nil }
        ProcessHandle(process)?.signal(SIGSTOP)
        try await until { try await self.control.status(of: program).isPaused }
        return process
    }

    func until(_ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            guard ContinuousClock.now < end else { throw ActionError(.timedOut, "it did not come to that in time") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func stop() async {
        supervisor.handle.signal(SIGTERM)
        if await supervisor.wait(within: .seconds(15)) == nil { supervisor.handle.signal(SIGKILL) }
    }
}

extension TargetBench {
    private static func target(_ directory: String, _ ports: [Int]) -> Target {
        let api = (1...2).map { index in
            Target.ProcessInstance(
                name: "api-\(index)",
                program: "api-\(index)",
                url: "http://127.0.0.1:\(ports[index - 1])"
            )
        }
        return Target(
            processes: [.init(name: "api", instances: api, configuration: "shop.env", hosts: "shop.hosts")],
            database: .init(
                component: "db",
                program: "db",
                administration: PostgresConfiguration(
                    host: directory,
                    port: ports[2],
                    user: "postgres",
                    database: "postgres",
                    connectTimeout: .seconds(1)
                ),
                host: "127.0.0.1",
                port: ports[2]
            ),
            caches: [],
            configurations: [
                .init(
                    name: "shop.env",
                    path: "\(directory)/shop.env",
                    history: "\(directory)/history",
                    passwords: ["DB_PASSWORD": "shop"],
                    secrets: ["DB_PASSWORD"]
                ),
                .init(
                    name: "shop.hosts",
                    path: "\(directory)/shop.hosts",
                    history: "\(directory)/names",
                    passwords: [:]
                ),
            ],
            providers: [
                .init(
                    component: "payments",
                    alternatives: ["primary", "fallback"],
                    activeKey: "PAYMENTS_ACTIVE",
                    configuration: "shop.env"
                )
            ],
            balancer: .init(
                component: "web",
                program: "web",
                url: "http://127.0.0.1:\(ports[3])",
                drains: "api",
                sheds: ["GET /api/seen"]
            )
        )
    }

    private static func configuration(_ directory: String, _ ports: [Int], _ database: Bool) -> String {
        var text = """
            [unix_http_server]
            file=\(directory)/s.sock
            [supervisord]
            logfile=\(directory)/supervisord.log
            pidfile=\(directory)/supervisord.pid
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

            """
        for index in 1...2 {
            text += """
                [program:api-\(index)]
                command=/usr/bin/python3 \(directory)/api.py \(ports[index - 1]) \(directory)
                autostart=false
                autorestart=false
                startsecs=0
                stopwaitsecs=3

                """
        }
        text += """
            [program:web]
            command=\(products)/TargetServer web --name web --listen 127.0.0.1:\(ports[3]) --upstreams http://127.0.0.1:\(ports[0]),http://127.0.0.1:\(ports[1]) --keys \(directory)/keys.json
            autostart=false
            autorestart=false
            startsecs=0
            stopwaitsecs=3

            """
        guard database else { return text }
        return text
            + """
            [program:db]
            command=/usr/bin/setpriv \(account.joined(separator: " ")) \(programs)/postgres -D \(directory)/pg -k \(directory)/socket -p \(ports[2]) -c listen_addresses=127.0.0.1 -c fsync=off
            autostart=false
            autorestart=false
            startsecs=0
            stopsignal=INT
            stopwaitsecs=10

            """.replacing("-k \(directory)/socket", with: "-k \(directory)")
    }

    /// Where the shop's program lies beside the tests.
    private static var products: String { FileSystem.parent(of: executablePath()) }

    /// The key that the shop's front takes, and the front's list of it.
    private static func writeKey(_ directory: String) throws {
        let key = APIKey.generate()
        try FileSystem.writeAtomically("\(key.secretText)\n", to: "\(directory)/key")
        let accepted = AcceptedKey(key, principal: "action", scopes: ["drain", "shed"])
        try FileSystem.writeAtomically(try OpsJSON.encode([accepted]), to: "\(directory)/keys.json")
    }

    private static let program = """
        import http.server, json, os, sys
        directory = sys.argv[2]
        seen = dict(l.strip().split("=", 1) for l in open(directory + "/shop.env") if "=" in l)
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                bad = self.path == "/ready" and os.path.exists(directory + "/refuse-" + seen["PAYMENTS_ACTIVE"])
                body = json.dumps({"data": seen, "message": "ok"}).encode()
                self.send_response(503 if bad else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *arguments): pass
        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
        """

    private static var programs: String {
        let versions = (try? FileSystem.list("/usr/lib/postgresql")) ?? []
        return "/usr/lib/postgresql/\(versions.max() ?? "15")/bin"
    }

    /// PostgreSQL refuses to run as root.
    private static var account: [String] {
        guard geteuid() == 0, let user = SystemUser.named("postgres") else { return ["--"] }
        return ["--reuid=\(user.uid)", "--regid=\(user.gid)", "--clear-groups", "--"]
    }

    private static func makeCluster(_ directory: String) async throws {
        try FileSystem.makeDirectory("\(directory)/pg")
        if geteuid() == 0, let user = SystemUser.named("postgres") {
            chown("\(directory)/pg", user.uid, user.gid)
            chown(directory, user.uid, user.gid)
        }
        let made = try await OpsSystem.run(
            "/usr/bin/setpriv",
            account + [
                "\(programs)/initdb", "--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256",
                "--username=postgres", "--pgdata=\(directory)/pg", "--no-instructions",
            ],
            directory: "/",
            within: .seconds(60)
        )
        guard made.status.isSuccess else { throw ActionError(.effectFailed, "initdb: \(made.errorText)") }
    }
}
