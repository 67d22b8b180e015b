import OpsModel

/// What was in the tables that must not be lost, at one moment, all of them as one transaction saw them.
struct Snapshot: Codable, Hashable, Sendable {
    /// Sorts by the moment.
    var id: String
    var at: Timestamp
    /// The database's own number: one that was made anew under the same name has another.
    var database: String
    /// The newest step of the schema that was applied; nil without a version table.
    var schema: Int?
    var tables: [TableCopy]

    func table(_ name: String) -> TableCopy? { tables.first { $0.name == name } }
}

/// One table of a snapshot: what it is made of, and how many rows lie beside in a file.
struct TableCopy: Codable, Hashable, Sendable {
    struct Column: Codable, Hashable, Sendable {
        var name: String
        /// As `CREATE TABLE` has it.
        var definition: String
        var isIdentity: Bool
    }

    struct Constraint: Codable, Hashable, Sendable {
        /// The table it belongs to.
        var table: String
        var name: String
        /// `p`, `u`, `c`, `x` or `f`, as PostgreSQL has it.
        var kind: String
        var definition: String
    }

    var name: String
    var owner: String
    var columns: [Column]
    /// The columns of its primary key.
    var key: [String]
    /// Storage options, such as `fillfactor=50`.
    var options: [String]
    var constraints: [Constraint]
    /// Foreign keys of other tables that lead here.
    var incoming: [Constraint]
    /// Statements of the indexes that belong to no constraint, of its triggers, and those that give others their rights.
    var statements: [String]
    var rows: Int
    /// How much had been written to it by then.
    var writes: TableWrites
    /// SHA-256 of the file of its rows.
    var digest: String
}

/// How many rows were ever added to a table and changed in it, by the server's own count.
struct TableWrites: Codable, Hashable, Sendable {
    var added = 0
    var changed = 0

    /// What came after `earlier`; a table that was made anew is counted anew.
    func since(_ earlier: TableWrites) -> TableWrites {
        TableWrites(added: max(0, added - earlier.added), changed: max(0, changed - earlier.changed))
    }
}
