/// What a session is there for, as far as its names and its statement tell.
enum SessionKind: String, Sendable {
    case service
    case shell
    case migration

    private static let changes = ["alter ", "create index", "create unique index", "drop ", "reindex", "vacuum full"]

    static func of(_ session: PostgresSession) -> SessionKind {
        let query = session.query.lowercased()
        if session.application.lowercased().contains("migrat") || changes.contains(where: query.hasPrefix) {
            return .migration
        }
        return session.component == nil ? .shell : .service
    }
}
