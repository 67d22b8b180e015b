import OpsModel
import OpsRuntime
import OpsSystem

/// Puts an empty directory in the place of a cache, in one step, and deletes the old content afterwards.
///
/// Fact and marker are the directory's inode: swapped is swapped, and a second time never happens. What it costs is the
/// misses until the cache is warm again.
struct ClearCache: RemediationAction {
    let target: Target

    var description: ActionDescription {
        ActionDescription(
            name: "clear-cache",
            version: 1,
            title: "Replace a cache directory by an empty one",
            parameters: schema.json,
            kinds: ["directory"],
            risk: "low",
            downtimeS: 0,
            undo: "not needed: the content is made again on demand",
            isReversible: false
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(name: "component", kind: .word(target.caches.map(\.component)), summary: "the cache to clear")
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let cache = try cache(parameters)
        let directory = try ConfinedDirectory(cache.path)
        let entries = try directory.entries()
        return PreparedAction(
            of: description,
            facts: ["component": .string(cache.component), "inode": .string(directory.inode)],
            diff: ["- \(cache.component): \(entries) entries", "+ \(cache.component): empty"],
            blastRadius: "whoever reads the cache misses until it is warm again",
            claims: [.directory(cache.component): nil],
            steps: [ActionStep("replace", cache.component, before: .string(directory.inode))]
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        let path = try path(step.subject)
        try ConfinedDirectory(path).replace(expecting: step.before.stringValue ?? "", aside: aside(path, intent))
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        let path = try path(step.subject)
        let live = try ConfinedDirectory(path).inode
        if live == step.before.stringValue { return .before }
        // Emptied already counts as well: the old directory is only there until it has been deleted.
        let aside = aside(path, intent)
        guard FileSystem.exists(aside) else { return .other("another directory, and none put aside by this run") }
        return try ConfinedDirectory(aside).inode == step.before.stringValue
            ? .after : .other("the directory put aside is not the one that was planned for")
    }

    func cleanUp(_ intent: Intent) async throws(ActionError) {
        for step in intent.steps { try ConfinedDirectory.delete(aside(try path(step.subject), intent)) }
    }

    private func aside(_ path: String, _ intent: Intent) -> String { "\(path).\(intent.run)" }

    private func path(_ component: String) throws(ActionError) -> String {
        guard let cache = target.caches.first(where: { $0.component == component }) else {
            throw ActionError(.notPermitted, "\(component) is no cache of this topology")
        }
        return cache.path
    }

    private func cache(_ parameters: [String: JSONValue]) throws(ActionError) -> Target.CacheDirectory {
        let wanted = parameters["component"]?.stringValue
        let caches = target.caches.filter { wanted == nil || $0.component == wanted }
        guard let cache = caches.first, caches.count == 1 else {
            throw ActionError(
                .invalidParameters,
                caches.isEmpty ? "this topology has no cache" : "component: say which cache",
                hint: "GET /catalog lists them"
            )
        }
        return cache
    }
}
