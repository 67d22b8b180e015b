/// Step 8: lists may say what sells best.
enum SchemaRanks {
    static let up = #"""
        INSERT INTO feature_flags (name, enabled, description) VALUES
          ('sales-ranks', false, 'Says with each list of the catalogue which of its products sells best.');
        """#

    static let down = "DELETE FROM feature_flags WHERE name = 'sales-ranks';"
}
