import OpsPostgres
import OpsService
import OpsTestKit
import Testing

@testable import TargetServer

@Suite struct SchemaTests {
    @Test func goesUpAndAllTheWayDown() async throws {
        let connection = try await PostgresConnection.connect(try await PostgresFixture.shared.database())
        defer { connection.close() }
        try await Schema.migrator.up(connection)
        try await connection.execute(script: Schema.grants)
        #expect(try await SchemaInspection(connection: connection).missing().isEmpty)
        try await Schema.migrator.down(connection, to: 0)
        let left = try await connection.query(
            "SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migrations'"
        )
        #expect(try left.only().int("n") == 0)
    }

    @Test func aMissingIndexIsNamedAndMadeAgainATableIsNot() async throws {
        let connection = try await PostgresConnection.connect(try await PostgresFixture.shared.database())
        defer { connection.close() }
        try await Schema.migrator.up(connection)
        try await connection.execute(script: "DROP INDEX orders_customer; DROP TABLE reports;")
        let inspection = SchemaInspection(connection: connection)
        #expect(try await inspection.missing() == ["orders_customer", "reports"])
        #expect(try await inspection.repair() == ["orders_customer"])
        #expect(try await inspection.missing() == ["reports"])
    }

    @Test func anIndexOfALostTableIsMissingAndCannotBeMade() async throws {
        let connection = try await PostgresConnection.connect(try await PostgresFixture.shared.database())
        defer { connection.close() }
        try await Schema.migrator.up(connection)
        try await connection.execute(script: "DROP TABLE sales_history; DROP INDEX jobs_ready;")
        let inspection = SchemaInspection(connection: connection)
        #expect(try await inspection.missing() == ["jobs_ready", "sales_history", "sales_history_day"])
        #expect(try await inspection.repairable() == ["jobs_ready"])
        #expect(try await inspection.repair() == ["jobs_ready"])
    }

    @Test func aRenamedColumnIsMissedUnderItsNewNameAndGetsIt() async throws {
        let connection = try await PostgresConnection.connect(try await PostgresFixture.shared.database())
        defer { connection.close() }
        try await Schema.migrator.up(connection)
        try await connection.execute(script: "ALTER TABLE orders RENAME remark TO note; ALTER TABLE stock DROP sold;")
        let inspection = SchemaInspection(connection: connection)
        #expect(try await inspection.missing() == ["orders.remark", "stock.sold"])
        #expect(try await inspection.repairable() == ["orders.remark"])
        #expect(try await inspection.repair() == ["orders.remark"])
        #expect(try await inspection.missing() == ["stock.sold"])
    }

    @Test func theLastStepIsTakenBackWithoutALoss() async throws {
        let connection = try await PostgresConnection.connect(try await PostgresFixture.shared.database())
        defer { connection.close() }
        try await Schema.migrator.up(connection)
        try await connection.execute(
            script: """
                INSERT INTO orders (id, idempotency_key, customer_id, state, amount_cents, remark)
                VALUES ('a', 'a', 1, 'draft', 0, 'ring twice')
                """
        )
        let step = try #require(Schema.migrations.first { $0.name == "order remarks" }).number
        #expect(try await Schema.migrator.down(connection, to: step - 1).map(\.number).contains(step))
        #expect(try await Schema.migrator.up(connection).map(\.number).contains(step))
        #expect(try await connection.query("SELECT remark FROM orders").only()["remark"] == "ring twice")
    }

    @Test func aStepThatIsMissingLeavesTheDatabaseBehindIt() async throws {
        try await ShopFixture.with { shop async throws in
            let watch = SchemaWatch(shop.database, metrics: MetricsRegistry())
            await watch.look()
            #expect(watch.found == Schema.head)
            try await shop.database.query("DELETE FROM schema_migrations WHERE name = 'order remarks'")
            await watch.look()
            #expect(watch.found == 5 && Schema.head > 6)
        }
    }

    @Test func theSeedIsTheSameEverywhere() async throws {
        let connection = try await PostgresConnection.connect(try await PostgresFixture.shared.database())
        defer { connection.close() }
        try await Schema.migrator.up(connection)
        let row = try await connection.query(
            "SELECT md5(string_agg(p::text, '' ORDER BY id)) AS hash, count(*) AS n FROM products AS p"
        ).only()
        #expect(try row.int("n") == 2_000)
        #expect(try row.string("hash") == "c2aca920c0413ad70b7aafe4fbfda06f")
    }
}
