import OpsPostgres

/// The shop's tables, as numbered steps.
///
/// A step that has landed is never edited; the next one changes what it made.
enum Schema {
    static let migrations = [
        Migration(1, "tables", up: SchemaTables.up, down: SchemaTables.down),
        Migration(2, "seed", up: SchemaSeed.up, down: SchemaSeed.down),
        Migration(3, "sales history", up: SchemaHistory.up, down: SchemaHistory.down),
        Migration(4, "feature flags", up: SchemaFlags.up, down: SchemaFlags.down),
        Migration(5, "upcoming features", up: SchemaUpcoming.up, down: SchemaUpcoming.down),
        Migration(6, "order remarks", up: SchemaRemarks.up, down: SchemaRemarks.down),
        Migration(7, "promised lists", up: SchemaPromises.up, down: SchemaPromises.down),
        Migration(8, "sales ranks", up: SchemaRanks.up, down: SchemaRanks.down),
        Migration(9, "daily demand", up: SchemaDemand.up, down: SchemaDemand.down),
    ]

    static let head = migrations.map(\.number).max() ?? 0
    static var migrator: Migrator { Migrator(schema: "public", migrations: migrations) }

    /// What must exist at head, by kind: version rows alone do not prove it.
    static let tables = [
        "products", "customers", "stock", "orders", "order_items", "jobs", "jobs_quarantine", "feature_flags",
        "sales_history", "reports",
    ]
    static let indexes: [(name: String, definition: String)] = [
        ("orders_customer", "orders (customer_id, created_at)"),
        ("orders_pending", "orders (updated_at) WHERE state = 'pending'"),
        ("order_items_order", "order_items (order_id)"),
        ("jobs_ready", "jobs (state, run_at)"),
        ("sales_history_day", "sales_history (day, product_id)"),
    ]
    /// Columns that the statements of customers' requests name.
    static let columns: KeyValuePairs<String, [String]> = [
        "products": ["id", "name", "category", "description", "price_cents", "weight_g"],
        "stock": ["product_id", "available", "sold"],
        "orders": [
            "id", "idempotency_key", "customer_id", "state", "amount_cents", "provider", "charge_id", "remark",
            "created_at", "updated_at",
        ],
        "order_items": ["order_id", "product_id", "quantity", "price_cents"],
        "jobs": ["id", "kind", "payload", "state", "attempts", "worker", "run_at", "started_at"],
    ]
    /// What a step has renamed, and how it was called before.
    static let renamed: [(table: String, column: String, earlier: String)] = [("orders", "remark", "note")]

    /// Rights of the roles that exist; run after every change of the schema.
    static let grants = #"""
        DO $grants$
        BEGIN
          IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop') THEN
            GRANT USAGE ON SCHEMA public TO shop;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO shop;
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO shop;
          END IF;
          IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'report') THEN
            GRANT USAGE ON SCHEMA public TO report;
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO report;
            GRANT UPDATE ON stock TO report;
            GRANT INSERT ON reports TO report;
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO report;
          END IF;
          IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'observer') AND to_regclass('jobs') IS NOT NULL THEN
            GRANT USAGE ON SCHEMA public TO observer;
            GRANT SELECT (id, kind, state, attempts, created_at, started_at) ON jobs TO observer;
          END IF;
          IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'operator') THEN
            GRANT USAGE ON SCHEMA public TO operator;
            GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA public TO operator;
          END IF;
        END
        $grants$;
        """#
}
