import OpsPostgres
import OpsTestKit
import Testing

@Suite struct MigratorTests {
    static let steps = [
        Migration(1, "boxes", up: "CREATE TABLE box (id int)", down: "DROP TABLE box"),
        Migration(
            2,
            "labels",
            up: "ALTER TABLE box ADD label text; CREATE INDEX ON box (label)",
            down: "ALTER TABLE box DROP label"
        ),
    ]

    func connect() async throws -> PostgresConnection {
        try await PostgresConnection.connect(try await PostgresFixture.shared.database())
    }

    @Test func upDownUp() async throws {
        let connection = try await connect()
        let migrator = Migrator(schema: "shop", migrations: Self.steps)
        #expect(try await migrator.status(connection).map(\.state) == [.pending, .pending])
        #expect(try await migrator.up(connection).map(\.number) == [1, 2])
        #expect(try await migrator.up(connection).isEmpty)
        #expect(try await migrator.down(connection, to: 1).map(\.number) == [2])
        #expect(try await migrator.status(connection).map(\.state) == [.applied, .pending])
        #expect(try await migrator.down(connection, to: 0).map(\.number) == [1])
        #expect(try await migrator.up(connection).map(\.number) == [1, 2])
        #expect(try await connection.query("SELECT label FROM box").isEmpty)
    }

    @Test func aFailedStepLeavesTheOnesBefore() async throws {
        let connection = try await connect()
        let bad = Migration(3, "bad", up: "CREATE TABLE crate (id int); SELECT 1 / 0", down: "")
        let migrator = Migrator(schema: "shop", migrations: Self.steps + [bad])
        await #expect(throws: PostgresError.self) { try await migrator.up(connection) }
        #expect(try await migrator.status(connection).map(\.state) == [.applied, .applied, .pending])
        #expect(try await connection.query("SELECT to_regclass('crate') IS NULL AS gone").only().bool("gone"))
    }

    @Test func anotherTextForAnAppliedStepIsDrift() async throws {
        let connection = try await connect()
        try await Migrator(schema: "shop", migrations: Self.steps).up(connection)
        let changed = [
            Migration(1, "boxes", up: "CREATE TABLE box (id bigint)", down: "DROP TABLE box"), Self.steps[1],
        ]
        let migrator = Migrator(schema: "shop", migrations: changed)
        #expect(try await migrator.status(connection).map(\.state) == [.drifted, .applied])
        await #expect { try await migrator.up(connection) } throws: { ($0 as? PostgresError)?.code == .migrationDrift }
    }

    @Test func aNewerDatabaseIsRefused() async throws {
        let connection = try await connect()
        try await Migrator(schema: "shop", migrations: Self.steps).up(connection)
        let older = Migrator(schema: "shop", migrations: [Self.steps[0]])
        await #expect { try await older.up(connection) } throws: { ($0 as? PostgresError)?.code == .migrationUnknown }
    }

    @Test func twoMigratorsAtOnceApplyEachStepOnce() async throws {
        let configuration = try await PostgresFixture.shared.database()
        let migrator = Migrator(schema: "shop", migrations: Self.steps)
        let applied = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { try await migrator.up(PostgresConnection.connect(configuration)).count }
            }
            return try await group.reduce(0, +)
        }
        #expect(applied == 2)
    }
}
