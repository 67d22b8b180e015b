internal import OpsModel
internal import OpsSpec
internal import OpsYAML

/// Checks that known behaviours could be carried out as they are written.
struct ProofReferences {
    let scope: ScenarioScope
    let sink: Diagnostics
    let root: YAMLNode

    func check() {
        for entry in root.items("proof") {
            for step in entry.items("do") { checkStep(step) }
            if let said = entry["say"]?["component"] { checkSaid(said) }
        }
    }

    private func checkStep(_ step: YAMLNode) {
        guard let pair = step.mapping?.first, let known = ActionVocabulary.parameters[pair.key] else { return }
        for outcome in scope.outcomes(of: pair.value) {
            guard let problem = problem(with: outcome, for: pair.key, known) else { continue }
            sink.report(problem.message, at: pair.value.mark, hint: problem.hint)
        }
    }

    /// What an action with words of its own takes is the topology's to say; the others take a role.
    private func problem(
        with argument: JSONValue,
        for action: String,
        _ known: Set<String>
    ) -> (message: String, hint: String)? {
        let word = argument.written
        if action == "terminate-sessions" {
            return Self.sessions.contains(word) || scope.roles[word] == .batch
                ? nil : ("\(action) takes no '\(word)' here", "one of \(Self.sessions.joined(separator: ", "))")
        }
        guard known.isSubset(of: ["component", "instance", "file"]), scope.roles[word] == nil else { return nil }
        if known.contains("instance") {
            if Self.isInstanceName(word) { return nil }
            if argument.doubleValue != nil || Int(word) != nil {
                return DrawReferences.isInstance(argument)
                    ? nil : ("an instance has a number from 1 on, here it is \(word)", "such as 2")
            }
        }
        return ("'\(word)' is no role of this scenario", scope.rolesHint)
    }

    /// Whether a word looks like the name of an instance, such as `api-2`.
    private static func isInstanceName(_ word: String) -> Bool {
        guard let hyphen = word.lastIndex(of: "-"), hyphen != word.startIndex else { return false }
        return Int(word[word.index(after: hyphen)...]).map { $0 >= 1 } ?? false
    }

    /// A wrong diagnosis is one of the known behaviours, but it is about something that is there.
    private func checkSaid(_ node: YAMLNode) {
        guard let said = node.scalar?.text, said != "none" else { return }
        for word in RoleBinding.ends(of: said) where scope.roles[word] == nil {
            sink.report("'\(word)' is no role of this scenario", at: node.mark, hint: scope.rolesHint)
        }
    }

    /// The sessions that block others, or all of the application's role; a batch job has a role of its own.
    private static let sessions = ["blocker", "all"]
}
