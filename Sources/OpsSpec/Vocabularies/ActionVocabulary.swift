/// The names of all actions that runbooks and scenarios may use, with their parameters.
///
/// Whether an action can be taken here and now is the action plane's catalogue; this is the language.
public enum ActionVocabulary {
    /// Parameters by action.
    public static let parameters: [String: Set<String>] = [
        "restart-service": ["component", "instance"],
        "restart-api": ["component", "instance"],
        "restart-db": ["component"],
        "regenerate-env": ["component", "file"],
        "clear-cache": ["component"],
        "switch-to-fallback": ["component", "to"],
        "terminate-sessions": ["component", "which", "owner", "at_most"],
        "drain-instance": ["component", "instance", "back"],
        "pause-component": ["component"],
        "recycle-pool": ["component", "instance"],
        "resume-process": ["component", "instance"],
        "quarantine-job": ["component", "id"],
        "rotate-credential": ["component", "role", "key"],
        "set-config": ["component", "config", "key", "value"],
        "rollback-config": ["component", "config", "version"],
        "set-flag": ["flag", "value"],
        "shed-load": ["component", "route", "ratio", "for_s"],
        "free-disk": ["component"],
        "isolate-upstream": ["component"],
        "restore-network-policy": ["component"],
        "restore-db": ["component", "table"],
        "run-migrations": ["component", "repair"],
    ]

    /// The names in alphabetical order.
    public static var names: [String] { parameters.keys.sorted() }
}
