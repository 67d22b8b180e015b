import Glibc
import OpsModel
import OpsPostgres
import OpsService
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// Against a real server, with the shop's own tables.
@Suite struct RestoreDatabaseTests {
    private let action = "restore-db"
    private let products: [String: JSONValue] = ["component": "db", "table": "products"]

    /// A shop with one order, and a snapshot of it.
    private func with(_ body: (ActionBench, SnapshotKeeper, PostgresConnection) async throws -> Void) async throws {
        let configuration = try await PostgresFixture.shared.database()
        try await TemporaryDirectory.with { directory in
            let migrations = try #require(SchemaMigrations(declared: ["TargetServer", "migrate"], in: configuration))
            _ = try await migrations.advance(repairing: false)
            let connection = try await PostgresConnection.connect(configuration)
            defer { connection.close() }
            try await connection.execute(script: order("a", product: 3))
            let keeper = SnapshotKeeper(
                database: configuration,
                tables: ["products", "customers", "orders", "stock"],
                every: .seconds(60),
                shelf: SnapshotShelf(directory: "\(directory)/snapshots", keep: 3),
                logger: .silent
            )
            try await keeper.look()
            let database = Target.Database(
                component: "db",
                program: "db",
                administration: configuration,
                host: configuration.host,
                port: configuration.port
            )
            try await body(try ActionBench(directory, [RestoreDatabase(database, keeper)]), keeper, connection)
        }
    }

    private func order(_ id: String, product: Int) -> String {
        """
        INSERT INTO orders (id, idempotency_key, customer_id, state, amount_cents) VALUES ('\(id)', '\(id)', 1, 'paid', 5);
        INSERT INTO order_items VALUES ('\(id)', \(product), 1, 5);
        """
    }

    /// What the table is made of, its rows and what refers to them.
    private func world(_ connection: PostgresConnection) async throws -> [String] {
        try await connection.query(
            """
            SELECT row_to_json(p)::text AS fact FROM products p UNION ALL SELECT row_to_json(o)::text FROM orders o
            UNION ALL SELECT concat(conname, pg_get_constraintdef(oid), convalidated) FROM pg_constraint
              WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT concat(attname, attnotnull, attidentity, format_type(atttypid, atttypmod)) FROM pg_attribute
              WHERE attrelid = 'products'::regclass AND attnum > 0
            UNION ALL SELECT coalesce(relacl::text, '') || coalesce(reloptions::text, '') FROM pg_class
              WHERE oid = 'products'::regclass
            UNION ALL SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'products'::regclass
            UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1
            """
        ).map { try $0.string("fact") }
    }

    @Test func aDroppedTableComesBackWithKeysRightsAndWhatRefersToIt() async throws {
        try await with { bench, _, connection in
            let before = try await world(connection)
            try await connection.query("DROP TABLE products CASCADE")
            let executor = try bench.executor()
            let plan = try await executor.plan(action, products)
            #expect(plan.plan?.diff.first == "- products: gone")
            let result = try await bench.run(executor, action, products)
            #expect(result.state == .done, "\(result)")
            #expect(try await world(connection) == before)
            let next = try await connection.query(
                "INSERT INTO products (name, category, price_cents) VALUES ('n', 'c', 1) RETURNING id"
            )
            #expect(try next.only().int("id") == 2_001)
        }
    }

    @Test func anEmptiedTableGetsWhatIsMissingAndKeepsWhatCameSince() async throws {
        try await with { bench, _, connection in
            try await connection.execute(
                script: """
                    SET session_replication_role = replica; DELETE FROM products; RESET session_replication_role;
                    INSERT INTO products (id, name, category, price_cents) VALUES (3, 'dearer', 'c', 99);
                    SELECT setval('products_id_seq', 5000);
                    """
            )
            let result = try await bench.run(try bench.executor(), action, products)
            #expect(result.state == .done, "\(result)")
            let rows = try await connection.query("SELECT count(*)::int AS n FROM products").only()
            #expect(try rows.int("n") == 2_000)
            let kept = try await connection.query("SELECT name FROM products WHERE id = 3").only()
            #expect(kept["name"] == "dearer")
            let next = try await connection.query("SELECT nextval('products_id_seq')::int AS n").only()
            #expect(try next.int("n") == 5_001, "no number is given twice")
        }
    }

    @Test func ordersThatCameSinceStay() async throws {
        try await with { bench, _, connection in
            try await connection.execute(script: order("b", product: 4))
            let before = try await world(connection)
            try await connection.query("DROP TABLE products CASCADE")
            #expect(try await bench.run(try bench.executor(), action, products).state == .done)
            #expect(try await world(connection) == before)
        }
    }

    @Test func aSnapshotOfTheLossIsNotTheOneThatIsUsed() async throws {
        try await with { bench, keeper, connection in
            let before = try await world(connection)
            try await connection.execute(script: "SET session_replication_role = replica; DELETE FROM products")
            for _ in 0..<6 { try await keeper.take() }
            #expect(keeper.shelf.snapshots.count == 4, "three, and the last whole one")
            #expect(try await bench.run(try bench.executor(), action, products).state == .done)
            #expect(try await world(connection) == before)
        }
    }

    @Test func aWholeTableIsLeftAlone() async throws {
        try await with { bench, _, connection in
            let before = try await world(connection)
            let plan = try await bench.executor().plan(action, products)
            #expect(plan.state == .refused)
            #expect(try await world(connection) == before)
        }
    }

    @Test func withoutASnapshotOfThisDatabaseThereIsNothingToDo() async throws {
        try await with { bench, keeper, connection in
            try await connection.query("DROP TABLE products CASCADE")
            try FileSystem.removeTree(keeper.shelf.directory)
            let plan = try await bench.executor().plan(action, products)
            #expect(plan.state == .refused)
        }
    }

    @Test func doesNothingWhenAnotherTableIsThereMeanwhile() async throws {
        try await with { bench, _, connection in
            try await connection.query("DROP TABLE products CASCADE")
            let executor = try bench.executor()
            let grant = try Grant(try await bench.payload(executor, action, products), signedBy: bench.ann)
            try await connection.query("CREATE TABLE products (id integer PRIMARY KEY)")
            let request = ActionRequest(grant: grant.text, parameters: products)
            let result = try await executor.run(action, request, principal: "gate", key: "k")
            #expect(result.state == .notDone && result.detail["code"] == "facts_drifted", "\(result)")
            let rows = try await connection.query("SELECT count(*)::int AS n FROM products").only()
            #expect(try rows.int("n") == 0)
        }
    }

    @Test func aDamagedSnapshotIsPassedOverForAnOlderOne() async throws {
        try await with { bench, keeper, connection in
            let before = try await world(connection)
            try await keeper.take()
            let newest = try #require(keeper.shelf.snapshots.last?.id)
            try FileSystem.writeAtomically("{}", to: "\(keeper.shelf.directory)/\(newest)/products.jsonl")
            try await connection.query("DROP TABLE products CASCADE")
            #expect(try await bench.run(try bench.executor(), action, products).state == .done)
            #expect(try await world(connection) == before)
        }
    }

    @Test func withDamagedSnapshotsOnlyNothingIsChanged() async throws {
        try await with { bench, keeper, connection in
            try await connection.query("DROP TABLE products CASCADE")
            let id = try #require(keeper.shelf.snapshots.first?.id)
            try FileSystem.writeAtomically("{}", to: "\(keeper.shelf.directory)/\(id)/products.jsonl")
            #expect(try await bench.executor().plan(action, products).state == .refused)
        }
    }

    @Test func aSnapshotOfAnotherStepOrOfOtherColumnsIsNotUsed() async throws {
        try await with { bench, _, connection in
            try await connection.query("ALTER TABLE products RENAME weight_g TO weight")
            let renamed = try await bench.executor().plan(action, products)
            #expect(renamed.message.contains("other columns"))
            try await connection.query("DROP TABLE products CASCADE")
            try await connection.query("DELETE FROM schema_migrations WHERE name = 'order remarks'")
            let plan = try await bench.executor().plan(action, products)
            #expect(plan.state == .refused && plan.message.contains("another step"))
        }
    }

    @Test func whatRefersToLostRowsStaysAndIsNotChecked() async throws {
        try await with { bench, _, connection in
            try await connection.execute(
                script: "INSERT INTO products (id, name, category, price_cents) VALUES (3000, 'n', 'c', 1);"
                    + order("b", product: 3_000) + "DROP TABLE products CASCADE"
            )
            #expect(try await bench.run(try bench.executor(), action, products).state == .done)
            let keys = try await connection.query(
                """
                SELECT string_agg(conname, ' ') AS names FROM pg_constraint
                WHERE NOT convalidated AND confrelid = 'products'::regclass
                """
            )
            #expect(try keys.only().string("names") == "order_items_product_id_fkey")
        }
    }

    @Test func saysHowMuchWasWrittenSince() async throws {
        try await with { bench, keeper, connection in
            let before = try await bench.executor().plan(action, products).plan?.blastRadius ?? ""
            #expect(before.contains("0 were added since and 0 changed"))
            try await connection.query("UPDATE products SET price_cents = 7 WHERE id < 4")
            try await connection.query("SELECT pg_stat_force_next_flush()")
            _ = try await connection.query("SELECT 1")
            try await keeper.look()
            try await connection.query("DROP TABLE products CASCADE")
            try await keeper.look()
            let after = try await bench.executor().plan(action, products).plan?.blastRadius ?? ""
            #expect(after.contains("0 were added since and 3 changed"), "\(after)")
        }
    }

    @Test func onlyTheServiceItselfCanReadTheRows() async throws {
        try await with { _, keeper, _ in
            let snapshot = try #require(keeper.shelf.snapshots.first)
            let place = "\(keeper.shelf.directory)/\(snapshot.id)"
            #expect(Self.mode(keeper.shelf.directory) == 0o700 && Self.mode(place) == 0o700)
            #expect(Self.mode("\(place)/customers.jsonl") == 0o600 && Self.mode("\(place)/snapshot.json") == 0o600)
        }
    }

    private static func mode(_ path: String) -> UInt32? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    @Test func afterACrashItIsNotDoneOrFoundToBe() async throws {
        try await with { bench, keeper, connection in
            let before = try await world(connection)
            try await connection.query("DROP TABLE products CASCADE")
            let restore = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, restore, products)
            for prefix in lines.prefixes {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            let last = try #require(lines.prefixes.last)
            // Between the copy and its way into the table: the copy goes.
            let (snapshot, copy) = try #require(SnapshotShelf.whole("products", in: keeper.shelf.snapshots).last)
            let schema = "restore_\(Digest.sha256(lines.intent.run).hex.prefix(12))"
            let site = RestorationSite(name: "products", schema: schema)
            let rows = try keeper.shelf.rows(of: copy, in: snapshot)
            try await TableRestoration(copy: copy, site: site).load(rows, on: connection)
            #expect(try await JournalPrefixes.recover(bench, last)?.state == .notDone)
            #expect(try await site.phase(on: connection) == .untouched)
            try await restore.perform(lines.intent.steps[0], of: lines.intent)
            #expect(try await site.phase(on: connection) == .used)
            let result = try await JournalPrefixes.recover(bench, last)
            #expect(result?.state == .done, "\(String(describing: result))")
            #expect(try await world(connection) == before)
        }
    }

    @Test(arguments: [[:], ["table": "jobs"], ["table": "products", "rows": 1]] as [[String: JSONValue]])
    func refusesWhatIsNotInTheSchema(_ parameters: [String: JSONValue]) async throws {
        try await with { bench, _, _ in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) { try await executor.plan(action, parameters) }
            #expect(error?.code == .invalidParameters)
        }
    }
}
