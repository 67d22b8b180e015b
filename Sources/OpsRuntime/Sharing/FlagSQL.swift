/// The statements about a table of feature flags: faults turn them, repairs turn them back, and the census reads them.
///
/// A flag has `name`, `enabled`, `updated_at` and `updated_by`. When it was turned is a part of what it is: one that somebody
/// turned off and on again is not the one that it was.
package struct FlagSQL: Hashable, Sendable {
    private let table: String

    /// Of the table with this name, which a topology declares.
    package init(table: String) {
        self.table = table.split(separator: ".").map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(
            separator: "."
        )
    }

    private static let columns = """
        name, enabled, updated_by, to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at
        """

    /// All flags, by name.
    package var all: String { "SELECT \(Self.columns) FROM \(self.table) ORDER BY name" }

    /// The flag $1.
    package var read: String { "SELECT \(Self.columns) FROM \(self.table) WHERE name = $1" }

    /// The flag $1, held still until the transaction ends.
    package var lock: String { "\(self.read) FOR UPDATE" }

    /// Gives the flag $1 the value $2, turned at $3 by $4.
    package var write: String {
        """
        UPDATE \(self.table) SET enabled = $2::text::boolean, updated_at = $3::text::timestamptz, updated_by = $4
        WHERE name = $1
        """
    }
}
