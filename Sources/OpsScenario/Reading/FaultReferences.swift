internal import OpsModel
internal import OpsSpec
internal import OpsYAML

/// Checks that faults are ones that can be injected where they are wanted.
struct FaultReferences {
    let scope: ScenarioScope
    let sink: Diagnostics
    let root: YAMLNode

    func check() {
        for injection in root.items("inject") { checkFault(injection) }
    }

    private func checkFault(_ injection: YAMLNode) {
        guard let node = injection["fault"], let name = node.scalar?.text else { return }
        guard let fault = FaultVocabulary.faults[name] else {
            let near = Spelling.nearest(to: name, among: FaultVocabulary.names)
            let all = "one of \(FaultVocabulary.names.joined(separator: ", "))"
            sink.report("no such fault: \(name)", at: node.mark, hint: near.map { "did you mean '\($0)'?" } ?? all)
            return
        }
        if let with = injection["with"], with.mapping == nil, with.scalar?.isNull != true {
            sink.report("'with' of an injection must be a mapping, here it is \(with.kindName)", at: with.mark)
        }
        for pair in injection["with"]?.mapping ?? [] where !fault.parameters.contains(pair.key) {
            let known = fault.parameters.sorted().joined(separator: ", ")
            let hint = known.isEmpty ? "it has no parameters" : "it has: \(known)"
            sink.report("\(name) has no parameter '\(pair.key)'", at: pair.keyMark, hint: hint)
        }
        checkTarget(injection["target"], of: name, fault)
    }

    private func checkTarget(_ node: YAMLNode?, of name: String, _ fault: FaultVocabulary.Entry) {
        guard let node, let role = node.scalar?.text, let kind = scope.roles[role], !fault.targets.contains(kind) else {
            return
        }
        let able = fault.targets.map(\.rawValue).sorted().joined(separator: ", ")
        let message = "\(name) cannot break \(role), which is of kind \(kind.rawValue)"
        sink.report(message, at: node.mark, hint: "it breaks \(able)")
    }
}
