internal import OpsModel
internal import OpsSpec
internal import OpsYAML

/// Checks that what is drawn exists and is of the sort that its place needs.
struct DrawReferences {
    let scope: ScenarioScope
    let sink: Diagnostics
    let root: YAMLNode

    func check() {
        let places = [root["inject"], root["decoys"], root["expect"]?["repairs"]]
        for node in places.compactMap(\.self) + root.items("proof").compactMap({ $0["do"] }) { checkNames(node) }
        let moments = root.items("inject") + root.items("decoys")
        for key in ["at", "for"] { for node in moments.compactMap({ $0[key] }) { checkTime(node, key) } }
        for node in root.items("inject").compactMap({ $0["instance"] }) { checkInstance(node) }
        checkLoad()
    }

    /// Every `$name` below a node, wherever it stands.
    private func checkNames(_ node: YAMLNode) {
        switch node.content {
        case .scalar(let scalar):
            guard let name = ScenarioScope.drawName(scalar.text), root["draw"]?[name] == nil else { return }
            let near = Spelling.nearest(to: name, among: scope.draws.keys)
            let hint = near.map { "did you mean '$\($0)'?" } ?? "add it under 'draw'"
            sink.report("'$\(name)' is drawn nowhere", at: node.mark, hint: hint)
        case .sequence(let items): for item in items { checkNames(item) }
        case .mapping(let pairs): for pair in pairs { checkNames(pair.value) }
        }
    }

    private func checkTime(_ node: YAMLNode, _ key: String) {
        guard let draw = scope.draw(of: node), draw.unit != .seconds else { return }
        sink.report(
            "'\(key)' needs a time, which the draw \(draw.name) does not give",
            at: node.mark,
            hint: "times are drawn as 8s..20s or [5s, 12s]"
        )
    }

    private func checkLoad() {
        guard let draw = scope.draws["load"], draw.unit != .perSecond, let node = root["draw"]?["load"] else { return }
        sink.report(
            "the draw load is the rate of the customers, and this is no rate",
            at: node.mark,
            hint: "rates are drawn as 100/s..160/s or [110/s, 130/s]"
        )
    }

    /// An instance is a number from 1 on, or a word.
    func checkInstance(_ node: YAMLNode) {
        let wrong = scope.outcomes(of: node).filter { !Self.isInstance($0) }
        guard let first = wrong.first else { return }
        sink.report(
            "an instance has a number from 1 on, here it is \(first.written)",
            at: node.mark,
            hint: "such as 2, or $n with n: 1..2"
        )
    }

    static func isInstance(_ value: JSONValue) -> Bool {
        switch value {
        case .int(let number): number >= 1
        case .string(let word): Int(word).map { $0 >= 1 } ?? !word.isEmpty
        default: false
        }
    }
}
