/// Step 2: two thousand products, customers and a full warehouse, the same on every machine.
///
/// The first five products are the ones that everybody buys. Gift cards (every 97th) weigh nothing, which one old way of
/// sorting does not expect; every 50th customer never gave a postcode.
enum SchemaSeed {
    static let up = #"""
        INSERT INTO products (id, name, category, description, price_cents, weight_g)
        SELECT n,
               (ARRAY['Kettle', 'Lamp', 'Chair', 'Mug', 'Blanket', 'Clock', 'Basket', 'Knife', 'Pan', 'Towel'])[1 + n % 10]
                 || ' ' || (ARRAY['Oslo', 'Lyon', 'Porto', 'Turin', 'Ghent', 'Malmo', 'Graz'])[1 + n % 7] || ' ' || n,
               (ARRAY['kitchen', 'living', 'bedroom', 'garden'])[1 + n % 4],
               repeat(md5(n::text) || ' made to be used every day. ', 16),
               100 + (n * 7919) % 19900,
               CASE WHEN n % 97 = 0 THEN 0 ELSE 50 + (n * 31) % 5000 END
        FROM generate_series(1, 2000) AS n;
        SELECT setval(pg_get_serial_sequence('products', 'id'), 2000);
        INSERT INTO customers (id, name, email, postcode)
        SELECT n, 'Customer ' || n, 'customer' || n || '@example.com',
               CASE WHEN n % 50 = 0 THEN NULL ELSE lpad((n * 37 % 100000)::text, 5, '0') END
        FROM generate_series(1, 1000) AS n;
        SELECT setval(pg_get_serial_sequence('customers', 'id'), 1000);
        INSERT INTO stock (product_id, available) SELECT id, 1000000 FROM products;
        """#

    static let down = "DELETE FROM stock; DELETE FROM customers; DELETE FROM products;"
}
