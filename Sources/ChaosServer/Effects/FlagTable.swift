import OpsRuntime

/// Where the flags are kept that a component of the target goes by.
struct FlagTable: Codable, Hashable, Sendable {
    /// The database component.
    var database: String
    var table: String
    var access: PostgresAccess

    var sql: FlagSQL { FlagSQL(table: self.table) }
}
