/// Step 4: switches that people turn without a deployment.
enum SchemaFlags {
    static let up = #"""
        CREATE TABLE feature_flags (
          name        text PRIMARY KEY,
          enabled     boolean NOT NULL,
          description text NOT NULL,
          updated_at  timestamptz NOT NULL DEFAULT now(),
          updated_by  text NOT NULL DEFAULT 'migration'
        );
        INSERT INTO feature_flags (name, enabled, description) VALUES
          ('banner', false, 'Shows the season''s banner on the page.'),
          ('related-products', true, 'Names related products with a product.'),
          ('order-notes', true, 'Lets customers leave a note with an order.');
        """#

    static let down = "DROP TABLE feature_flags;"
}
