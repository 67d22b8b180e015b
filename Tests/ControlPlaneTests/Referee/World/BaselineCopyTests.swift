import OpsModel
import OpsPostgres
import OpsSpec
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// Keeping and restoring a baseline, in a real PostgreSQL and with real files.
@Suite("A kept baseline")
struct BaselineCopyTests {
    private let directory: TemporaryDirectory
    private let database: PostgresConfiguration
    private let copy: BaselineCopy
    private var settings: String { directory.file("shop.env") }

    init() async throws {
        self.directory = try TemporaryDirectory()
        self.database = try await PostgresFixture.shared.database(template: "baseline-copy") { database in
            let connection = try await PostgresConnection.connect(database)
            defer { connection.close() }
            try await connection.execute(script: "CREATE TABLE stock (sku text PRIMARY KEY, left_over int)")
            try await connection.execute(script: "INSERT INTO stock VALUES ('a', 1)")
        }
        try FileSystem.writeAtomically(Array("DB_POOL=8\n".utf8), to: directory.file("shop.env"))
        let bound = BoundPostgres(
            host: database.host,
            port: database.port,
            database: database.database,
            admin: database.user
        )
        self.copy = BaselineCopy(
            topology: try Topology.load("compose/topology.yaml"),
            bindings: Bindings(
                runtime: "local",
                isolation: "I0",
                instance: "t",
                instanceID: "0",
                components: ["db": BoundComponent(kind: .postgres, postgres: bound)],
                config: ["shop.env": BoundConfig(path: directory.file("shop.env"))]
            ),
            directory: directory.file("baseline")
        )
    }

    private func run(_ script: String) async throws {
        let connection = try await PostgresConnection.connect(database)
        defer { connection.close() }
        try await connection.execute(script: script)
    }

    private func stock() async throws -> Int {
        let connection = try await PostgresConnection.connect(database)
        defer { connection.close() }
        return try await connection.query("SELECT sum(left_over)::int AS n FROM stock").only().int("n")
    }

    @Test("what came after the copy is gone after a restore, also when the copy is asked for again in between")
    func restoring() async throws {
        try await copy.take()
        try await run("UPDATE stock SET left_over = 7")
        try FileSystem.writeAtomically(Array("DB_POOL=9\n".utf8), to: settings)
        try await copy.take()
        try await copy.restoreDatabase()
        try copy.restoreConfiguration()
        #expect(try await stock() == 1)
        #expect(try FileSystem.text(settings) == "DB_POOL=8\n")
    }

    @Test("a migrated schema is copied anew")
    func migrated() async throws {
        try await copy.take()
        try await run("ALTER TABLE stock ADD COLUMN shelf text; UPDATE stock SET left_over = 3")
        try await copy.take()
        try await run("UPDATE stock SET left_over = 7")
        try await copy.restoreDatabase()
        #expect(try await stock() == 3)
    }

    @Test("a copy that was interrupted at any step is made good")
    func interrupted() async throws {
        try await copy.take()
        var administration = database
        administration.database = "postgres"
        let connection = try await PostgresConnection.connect(administration)
        defer { connection.close() }
        let name = database.database
        let remains = [
            "ALTER DATABASE \"\(name)_baseline\" ALLOW_CONNECTIONS false",
            "ALTER DATABASE \"\(name)\" ALLOW_CONNECTIONS false",
            "DROP DATABASE \"\(name)\" WITH (FORCE); ALTER DATABASE \"\(name)_baseline\" ALLOW_CONNECTIONS false",
        ]
        for script in remains {
            for statement in script.split(separator: ";") { try await connection.execute(script: String(statement)) }
            try await copy.heal()
            #expect(try await stock() == 1, "\(script)")
            try await copy.take()
            try await copy.restoreDatabase()
            #expect(try await stock() == 1, "\(script)")
        }
    }
}
