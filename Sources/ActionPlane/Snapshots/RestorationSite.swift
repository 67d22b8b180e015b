import OpsPostgres

/// Where the rows of a table are made ready before they take their place, and how far that has come.
struct RestorationSite: Sendable {
    /// What the schema beside says of a restoration.
    enum Phase: Hashable, Sendable {
        case untouched
        /// The copy is there with all its rows, which one transaction made.
        case loaded
        /// The copy is gone into the table, which one transaction did; the empty schema stays until that is on record.
        case used
    }

    let name: String
    /// Nobody but the administrator may look into it.
    let schema: String

    var place: String { Self.place(of: name) }
    var staged: String { "\(schema).\(Self.quoted(name))" }

    func phase(on connection: PostgresConnection) async throws -> Phase {
        let found = try await connection.query(
            "SELECT to_regnamespace($1)::text AS schema, to_regclass($2)::text AS copy",
            [.text(schema), .text(staged)]
        ).only()
        if found["copy"] != nil { return .loaded }
        return found["schema"] == nil ? .untouched : .used
    }

    /// The database's own number of the table; nil when it is gone.
    func number(on connection: PostgresConnection) async throws -> String? {
        try await connection.query("SELECT to_regclass($1)::oid::text AS number", [.text(place)]).only()["number"]
    }

    func rows(on connection: PostgresConnection) async throws -> Int {
        try await connection.query("SELECT count(*)::int AS n FROM \(place)").only().int("n")
    }

    func clear(on connection: PostgresConnection) async throws {
        try await connection.execute(script: "DROP SCHEMA IF EXISTS \(schema) CASCADE")
    }

    static func place(of table: String) -> String { "public.\(quoted(table))" }
    static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}
