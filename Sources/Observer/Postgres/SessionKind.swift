/// What a session is there for, as far as its names and its statement tell.
enum SessionKind: String, Sendable {
    case service
    case shell
    case migration
    case maintenance

    private static let changes = ["alter ", "create index", "create unique index", "drop "]
    private static let upkeep = ["vacuum", "analyze", "reindex", "cluster", "copy ", "checkpoint"]

    static func of(_ session: PostgresSession) -> SessionKind {
        let query = session.query.lowercased()
        if session.application.lowercased().contains("migrat") || changes.contains(where: query.hasPrefix) {
            return .migration
        }
        if upkeep.contains(where: query.hasPrefix) || session.application.hasPrefix("pg_dump") { return .maintenance }
        return session.component == nil ? .shell : .service
    }
}
