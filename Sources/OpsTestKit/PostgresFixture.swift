import Glibc
import OpsModel
public import OpsPostgres
public import OpsSystem
import Synchronization

/// A private PostgreSQL cluster for one test process, and a database of its own for each test.
///
/// The cluster listens on a socket in its own directory under `/tmp` and on no port. It runs as `postgres` or `nobody`
/// when the tests run as root, and goes down with the test process.
public actor PostgresFixture {
    /// The cluster of this test process.
    public static let shared = PostgresFixture()

    private var starting: Task<Cluster, any Error>?
    private var templates: [String: Task<String, any Error>] = [:]

    private let settings: [String]

    /// A cluster apart from the shared one, for tests that stop or kill the server or that need settings of its own,
    /// each as `name=value`.
    public init(settings: [String] = []) { self.settings = settings }

    /// Kills the server and all its sessions at once, as a crash would; the data stay.
    public func crash() async throws {
        let cluster = try await cluster()
        _ = cluster.process.handle.signal(SIGQUIT)
        guard await cluster.process.wait(within: .seconds(10)) != nil else {
            throw PostgresError(.timeout, "the test cluster did not go down")
        }
    }

    /// Starts the server again after ``crash()`` and waits until it answers.
    public func restart() async throws {
        let old = try await cluster()
        let account = old.account.flatMap { SystemUser.named($0) }
        let process = try await Self.launch(
            try Self.programDirectory(),
            old.directory,
            account,
            settings
        )
        let cluster = Cluster(directory: old.directory, process: process, account: old.account)
        starting = Task { cluster }
        try await Self.waitUntilReady(cluster)
    }

    /// A running cluster.
    public struct Cluster: Sendable {
        /// The directory of data, socket and log.
        public let directory: String
        /// The postmaster.
        public let process: ChildProcess
        /// The account that the server runs as; nil when it is our own.
        public let account: String?
    }

    /// Where a database of the running cluster is, for the superuser.
    public func superuser(database: String = "postgres") async throws -> PostgresConfiguration {
        let cluster = try await cluster()
        // How long a connection or a statement may take is not what is tested: a busy machine takes longer than a lab may.
        return PostgresConfiguration(
            host: cluster.directory,
            user: "postgres",
            database: database,
            connectTimeout: .seconds(10),
            statementTimeout: .seconds(30)
        )
    }

    /// The running cluster, started when it is first asked for.
    public func cluster() async throws -> Cluster {
        if let starting { return try await starting.value }
        let task = Task { [settings] in try await Self.start(settings) }
        starting = task
        return try await task.value
    }

    /// A new, empty database for one test.
    public func database() async throws -> PostgresConfiguration { try await database(from: "template0") }

    /// A new database with a prepared content; `prepare` runs once for each name and test process.
    public func database(
        template name: String,
        prepare: @escaping @Sendable (PostgresConfiguration) async throws -> Void
    ) async throws -> PostgresConfiguration {
        let task = templates[name] ?? Task { try await Self.template(name, try await self.database(), prepare) }
        templates[name] = task
        return try await database(from: try await task.value)
    }

    private static func template(
        _ name: String,
        _ database: PostgresConfiguration,
        _ prepare: (PostgresConfiguration) async throws -> Void
    ) async throws -> String {
        try await prepare(database)
        return database.database
    }

    private func database(from template: String) async throws -> PostgresConfiguration {
        let name = Identifier.random(prefix: "", length: 12)
        let connection = try await PostgresConnection.connect(try await superuser())
        defer { connection.close() }
        let sql = "CREATE DATABASE \"t\(name)\" TEMPLATE \"\(template)\" STRATEGY file_copy"
        for _ in 0..<200 {
            do {
                try await connection.query(sql, within: .seconds(30))
                return try await superuser(database: "t\(name)")
            } catch let error as PostgresError where error.sqlState == "55006" {
                // The template's last session has not quite left.
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        throw PostgresError(.timeout, "the template database stayed in use")
    }
}

extension PostgresFixture {
    private static let programs = "/usr/lib/postgresql"

    private static func start(_ settings: [String]) async throws -> Cluster {
        let bin = try programDirectory()
        try removeDirectoriesOfTheDead()
        let account = geteuid() == 0 ? (SystemUser.named("postgres") ?? SystemUser.named("nobody")) : nil
        let directory = "/tmp/opslab-pg-\(getpid())-\(Identifier.random(prefix: "", length: 4))"
        try FileSystem.makeDirectory(directory, mode: 0o700)
        if let account { chown(directory, account.uid, account.gid) }
        let initdb = [
            "\(bin)/initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-instructions", "--pgdata=\(directory)/data",
        ]
        let made = try await run("/usr/bin/setpriv", dropping(account) + initdb, directory: "/", within: .seconds(60))
        guard made.status.isSuccess else { throw PostgresError(.unreachable, "initdb failed: \(made.errorText)") }
        let process = try await launch(bin, directory, account, settings)
        let cluster = Cluster(directory: directory, process: process, account: account?.name)
        try await waitUntilReady(cluster)
        return cluster
    }

    /// A test process that was killed could not remove its directory; its postmaster went down with it.
    private static func removeDirectoriesOfTheDead() throws {
        for name in try FileSystem.list("/tmp") where name.hasPrefix("opslab-pg-") {
            guard let pid = name.split(separator: "-").dropFirst(2).first, !FileSystem.exists("/proc/\(pid)") else {
                continue
            }
            try? FileSystem.removeTree("/tmp/\(name)")  // another test process may be removing it just now
        }
    }

    private static func dropping(_ account: SystemUser?) -> [String] {
        guard let account else { return ["--"] }
        return ["--reuid=\(account.uid)", "--regid=\(account.gid)", "--clear-groups", "--"]
    }

    private static func programDirectory() throws -> String {
        let versions = try FileSystem.list(programs).compactMap { Int($0) }.sorted()
        guard let newest = versions.last else {
            throw PostgresError(.unreachable, "no PostgreSQL server under \(programs); install the package postgresql")
        }
        return "\(programs)/\(newest)/bin"
    }

    /// Starts a small parent of the postmaster that outlives no test process, from a thread that never ends.
    private static func launch(
        _ bin: String,
        _ directory: String,
        _ account: SystemUser?,
        _ own: [String]
    ) async throws -> ChildProcess {
        let log = open("\(directory)/log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        defer { close(log) }
        let settings = [
            "listen_addresses=", "unix_socket_directories=\(directory)", "fsync=off", "max_connections=200",
            "shared_buffers=32MB", "timezone=UTC", "log_min_messages=warning", "shared_preload_libraries=",
        ]
        let options = (settings + own).flatMap { ["-c", $0] }
        let postgres =
            ["--pdeathsig", "INT"] + dropping(account) + ["\(bin)/postgres", "-D", "\(directory)/data"] + options
        let spawn = Spawn(
            path: "/usr/bin/setpriv",
            arguments: postgres,
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"],
            directory: "/",
            standardOutput: log,
            standardError: log
        )
        let process = try await Launcher.shared.start(spawn)
        Leftovers.note(directory, pid: process.pid)
        return process
    }

    private static func waitUntilReady(_ cluster: Cluster) async throws {
        let configuration = PostgresConfiguration(host: cluster.directory, user: "postgres", database: "postgres")
        var refusal = ""
        for _ in 0..<2_400 {
            do {
                try await PostgresConnection.connect(configuration).close()
                return
            } catch {
                refusal = "\(error)"
                guard !cluster.process.handle.hasExited else { break }
                try await Task.sleep(for: .milliseconds(25))
            }
        }
        let log = (try? FileSystem.text("\(cluster.directory)/log")) ?? ""  // only for the message
        throw PostgresError(.unreachable, "the test cluster did not start (\(refusal)): \(log)")
    }
}

/// Stops what is left of the fixture when the test process ends in the ordinary way.
enum Leftovers {
    private static let noted = Mutex<[(directory: String, pid: Int32)]>([])

    static func note(_ directory: String, pid: Int32) {
        let isFirst = noted.withLock { list in
            list.append((directory, pid))
            return list.count == 1
        }
        if isFirst { atexit(stopLeftovers) }
    }

    static func stop() {
        for (directory, pid) in noted.withLock({ $0 }) {
            kill(pid, SIGQUIT)
            var status: Int32 = 0
            for _ in 0..<100 where waitpid(pid, &status, WNOHANG) == 0 { usleep(20_000) }
            try? FileSystem.removeTree(directory)  // nobody is left to tell
        }
    }
}

private let stopLeftovers: @convention(c) () -> Void = { Leftovers.stop() }
