internal import OpsModel
internal import OpsSpec
internal import OpsYAML

/// Checks that an honest repair could be carried out as it is written.
struct RepairReferences {
    let scope: ScenarioScope
    let draws: DrawReferences
    let sink: Diagnostics
    let root: YAMLNode

    func check() {
        for repair in root["expect"]?.items("repairs") ?? [] {
            let steps = repair.sequence ?? [repair]
            // Nothing to be done would make every action an honest repair.
            if steps.isEmpty { sink.report("a repair has at least one step", at: repair.mark, hint: "[{action: …}]") }
            for step in steps { checkStep(step) }
        }
    }

    private func checkStep(_ step: YAMLNode) {
        guard let action = step["action"]?.scalar?.text, let known = ActionVocabulary.parameters[action] else { return }
        for pair in step.mapping ?? [] where pair.key != "action" {
            guard known.contains(pair.key) else {
                let names = known.sorted().joined(separator: ", ")
                sink.report("\(action) has no parameter '\(pair.key)'", at: pair.keyMark, hint: "it has: \(names)")
                continue
            }
            switch pair.key {
            case "component": checkRole(pair.value)
            case "instance": draws.checkInstance(pair.value)
            default: continue
            }
        }
    }

    private func checkRole(_ node: YAMLNode) {
        for outcome in scope.outcomes(of: node) where scope.roles[outcome.written] == nil {
            sink.report("'\(outcome.written)' is no role of this scenario", at: node.mark, hint: scope.rolesHint)
        }
    }
}
