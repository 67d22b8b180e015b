/// One client's session as `pg_stat_activity` shows it.
struct PostgresSession: Hashable, Sendable {
    var pid: Int
    var role: String
    var application: String
    /// The component the session belongs to, if it can be told.
    var component: String?
    /// A state of `pg_stat_activity`, such as `idle in transaction`.
    var state: String
    var client: String = "local"
    var xactAge: Double?
    var stateAge: Double?
    var queryAge: Double?
    var startedAt: String?
    var waitEvent: String?
    var query: String = ""
    /// Processes whose locks this session waits for.
    var blockedBy: [Int] = []
    /// Seconds it has waited for a lock.
    var waitAge: Double?

    /// Who is responsible: the component, else the role.
    var owner: String { component ?? role }
}
