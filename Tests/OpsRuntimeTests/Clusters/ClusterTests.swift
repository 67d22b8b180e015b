import Glibc
import OpsSystem
import OpsTestKit
import Testing

@testable import OpsRuntime

@Suite("A real cluster", .timeLimit(.minutes(2)))
struct ClusterTests {
    @Test("it is made once, filled once, lets roles in by password only, and leaves no shared memory")
    func life() async throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o755)
        let accounts = try Accounts.resolve()
        let host = try HostPrograms.find()
        for name in ["pg", "s"] {
            try FileSystem.makeDirectory(directory.file(name))
            try FileSystem.setAccess(
                directory.file(name),
                mode: name == "s" ? 0o755 : 0o700,
                owner: accounts[.database]
            )
        }
        let plan = ClusterPlan(
            data: directory.file("pg"),
            socketDirectory: directory.file("s"),
            port: try PortPlan.free()[.db],
            administrators: [accounts[.database].name, SystemUser.current.name],
            roles: [ClusterPlan.Role(name: "shop", password: "right")],
            databases: [
                ClusterPlan.Database(name: "shop", owner: "shop", extensions: ["pg_stat_statements"]),
                ClusterPlan.Database(name: "vault", visibleTo: []),
            ],
            connections: 20,
            libraries: ["pg_stat_statements"]
        )
        let cluster = Cluster(name: "db", plan: plan, programs: host, accounts: accounts)
        try await cluster.prepare()
        let inode = FileSystem.inode("\(plan.data)/PG_VERSION")
        try await cluster.prepare()
        #expect(FileSystem.inode("\(plan.data)/PG_VERSION") == inode)
        #expect(await !cluster.answers())

        let (program, words) = accounts.command(as: .database, host.postgres, ["-D", plan.data])
        let log = try FileDescriptor(opening: directory.file("log"), O_WRONLY | O_CREAT)
        let server = try await Launcher.shared.start(
            Spawn(path: program, arguments: words, directory: "/", standardError: log.raw)
        )
        withExtendedLifetime(log) {}
        let end = BootClock.now() + 30_000_000_000
        while await !cluster.answers(), !server.handle.hasExited, BootClock.now() < end { await Task.yield() }
        try await cluster.fill()
        try await cluster.fill()
        #expect(try await cluster.query("select count(*) from pg_roles where rolname = 'shop'") == ["1"])
        let statements = "select count(*) > 0 from pg_stat_statements"
        #expect(try await cluster.query(statements, database: "shop") == ["t"])
        await #expect(throws: RuntimeError.self) { try await cluster.query(statements) }
        #expect(try await self.logIn(plan, host, password: "right", database: "shop"))
        #expect(try await !self.logIn(plan, host, password: "wrong", database: "shop"))
        #expect(try await !self.logIn(plan, host, password: "right", database: "vault"))
        await #expect(throws: RuntimeError.self) { try await cluster.query("select nonsense from nowhere") }

        server.handle.signal(SIGINT)
        #expect(await server.wait(within: .seconds(20))?.isSuccess == true)
        #expect(!FileSystem.exists("\(plan.data)/postmaster.pid"))
    }

    private func logIn(
        _ plan: ClusterPlan,
        _ host: HostPrograms,
        password: String,
        database: String
    ) async throws -> Bool {
        let output = try await OpsSystem.run(
            host.psql,
            ["-h", "127.0.0.1", "-p", "\(plan.port)", "-U", "shop", "-d", database, "-w", "-X", "-c", "select 1"],
            environment: ["PGPASSWORD": password],
            within: .seconds(20)
        )
        return output.status.isSuccess
    }
}
