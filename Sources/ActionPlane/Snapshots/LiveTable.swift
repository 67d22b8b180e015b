import OpsPostgres

/// What is left of a table, against the snapshot that it would get its rows from.
struct LiveTable: Hashable, Sendable {
    /// The database's own number of it; nil when it is gone.
    var number: String?
    /// Nil when it is gone.
    var rows: Int?
    /// How many of the snapshot's rows it lacks.
    var missing: Int
    /// Whether it is made of the same columns as in the snapshot.
    var isAlike = true
    /// The newest step of the schema that was applied.
    var schema: Int?

    static func read(
        _ name: String,
        _ copy: TableCopy?,
        _ kept: [String],
        on connection: PostgresConnection
    ) async throws -> LiveTable {
        let site = RestorationSite(name: name, schema: "")
        let schema = try await SnapshotReader.schema(on: connection)
        guard let number = try await site.number(on: connection) else {
            return LiveTable(missing: copy?.rows ?? 0, schema: schema)
        }
        var live = LiveTable(number: number, rows: try await site.rows(on: connection), missing: 0, schema: schema)
        guard let copy else { return live }
        live.isAlike = try await SnapshotReader.columns(of: site.place, on: connection) == copy.columns
        if live.isAlike, !copy.key.isEmpty {
            live.missing = try await TableRestoration(copy: copy, site: site).missing(kept, on: connection)
        }
        return live
    }

    /// Why nothing can be brought back into it.
    func refusals(_ copy: TableCopy, _ snapshot: Snapshot) -> [String] {
        guard schema == snapshot.schema else {
            return ["the schema is at another step than it was in the snapshot: a person has to look"]
        }
        guard number != nil else { return [] }
        if !isAlike { return ["\(copy.name) is made of other columns than in the snapshot: a person has to look"] }
        if copy.key.isEmpty { return ["\(copy.name) has no primary key by which its rows could be told"] }
        return missing == 0 ? ["every row of the snapshot is in \(copy.name): nothing of it is lost"] : []
    }
}
