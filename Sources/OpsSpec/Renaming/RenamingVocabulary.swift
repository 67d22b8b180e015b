/// Words that are the same for every system, and therefore in no renaming.
///
/// Only those that can stand where a name can stand are listed: in a selector, a parameter, or the value of an answer. Names
/// of reads, mechanisms, actions and kinds have places of their own, which are not renamed at all.
enum RenamingVocabulary {
    static let words: Set<String> = selectors.union(values).union(roles).union(prefixes)

    /// Of selectors of reads.
    private static let selectors: Set<String> = [
        "route", "instance", "customer", "code", "config", "flags", "migrations", "starts", "images", "observer",
        "callers", "caller", "needs", "siblings", "self", "sqlstate", "errno",
    ]

    /// Of answers and parameters: how probes and processes are, states of sessions, what a parameter may be.
    private static let values: Set<String> = [
        "ok", "refused", "timeout", "reset", "unauthorised", "bad", "answer", "slow", "body", "ledger", "running",
        "absent",
        "stopped", "zombie", "idle", "active", "in", "transaction", "blocker", "owner", "all", "new", "surging",
        "error",
        "warning", "true", "false", "none", "service", "shell", "migration", "maintenance", "from", "to", "GET", "POST",
        "PUT",
        "PATCH", "DELETE", "HEAD",
    ]

    /// What a provider's alternatives are called in runbooks and actions.
    private static let roles: Set<String> = ["primary", "fallback"]

    /// How the gate's own names begin: of incidents, proposals, approvals and evidence.
    private static let prefixes: Set<String> = ["inc", "pro", "apr", "ev"]
}
