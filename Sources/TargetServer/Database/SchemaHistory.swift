/// Step 3: what was sold on each of sixty days, for the report to work on, and the reports themselves.
enum SchemaHistory {
    static let up = #"""
        CREATE TABLE sales_history (
          product_id    integer NOT NULL,
          day           integer NOT NULL,
          units         integer NOT NULL,
          revenue_cents bigint NOT NULL
        );
        INSERT INTO sales_history
        SELECT p, d, 1 + (p * 13 + d * 29) % 40, (1 + (p * 13 + d * 29) % 40) * (100 + (p * 7919) % 19900)
        FROM generate_series(1, 2000) AS p, generate_series(1, 60) AS d;
        CREATE TABLE reports (
          id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          first_product integer NOT NULL,
          last_product  integer NOT NULL,
          revenue_cents bigint NOT NULL,
          duration_ms   integer NOT NULL,
          created_at    timestamptz NOT NULL DEFAULT now()
        );
        """#

    static let down = "DROP TABLE reports, sales_history;"
}
