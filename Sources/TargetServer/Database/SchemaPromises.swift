/// Step 7: lists of the catalogue may be promised to stay as they are.
enum SchemaPromises {
    static let up = #"""
        INSERT INTO feature_flags (name, enabled, description) VALUES
          ('immutable-lists', false, 'Promises each list of the catalogue for an hour, so that nobody sees it change.');
        """#

    static let down = "DELETE FROM feature_flags WHERE name = 'immutable-lists';"
}
