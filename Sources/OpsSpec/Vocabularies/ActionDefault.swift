extension ActionVocabulary {
    /// What an action does about a parameter that is left out.
    public enum Default: Hashable, Sendable {
        /// The same as with this word.
        case word(String)
        /// It acts on the only component of this kind there is, and is refused where there are several.
        case onlyComponent(ComponentKind)
        /// It acts on the only thing of its sort there is, and is refused where there are several.
        case onlyOne
    }

    /// The word for every instance of a component, which the action plane writes by leaving the instance out.
    public static let everyInstance = "all"

    /// Parameters that may be left out, by action; one that is missing here restricts nothing when it is left out.
    public static let defaults: [String: [String: Default]] = [
        "restart-service": ["instance": .word(everyInstance)],
        "restart-api": ["component": .word("api"), "instance": .word(everyInstance)],
        "resume-process": ["instance": .word(everyInstance)],
        "restart-db": ["component": .onlyComponent(.postgres)],
        "regenerate-env": ["component": .onlyComponent(.postgres), "file": .onlyOne],
        "clear-cache": ["component": .onlyComponent(.directory)],
        "rotate-credential": ["component": .onlyComponent(.provider), "key": .onlyOne],
        "switch-to-fallback": ["component": .onlyComponent(.provider), "to": .word("fallback")],
        "pause-component": [:],
        "drain-instance": ["back": .word("false")],
        "shed-load": ["route": .word("all"), "for_s": .word("30")],
        "free-disk": ["component": .onlyComponent(.directory)],
        "quarantine-job": ["component": .onlyComponent(.worker)],
        "rollback-config": ["component": .onlyComponent(.postgres), "config": .word("settings")],
        "run-migrations": ["component": .onlyComponent(.postgres), "repair": .word("true")],
        "set-config": [:],
        "restore-db": ["component": .onlyComponent(.postgres)],
        "terminate-sessions": ["component": .onlyComponent(.postgres)],
        "set-flag": [:],
    ]
}
