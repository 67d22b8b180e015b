internal import OpsModel
internal import OpsYAML

/// Checks that decoys are ones that a run can set up.
struct DecoyReferences {
    let scope: ScenarioScope
    let sink: Diagnostics
    let root: YAMLNode

    func check() {
        for kind in root.items("decoys").compactMap({ $0["kind"] }) { checkKind(kind) }
    }

    private func checkKind(_ node: YAMLNode) {
        for outcome in scope.outcomes(of: node) where DecoyKind(rawValue: outcome.written) == nil {
            let isPlanned = DecoyKind.planned.contains(outcome.written)
            sink.report(
                isPlanned
                    ? "the decoy \(outcome.written) is not implemented yet" : "no such decoy: \(outcome.written)",
                at: place(of: outcome, node),
                hint: "use one of \(DecoyKind.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
    }

    /// Where a word stands: in the list of its draw, or where it is used.
    private func place(of outcome: JSONValue, _ node: YAMLNode) -> YAMLMark {
        guard let draw = scope.draw(of: node), let listed = root["draw"]?[draw.name] else { return node.mark }
        return listed.sequence?.first { $0.json == outcome }?.mark ?? listed.mark
    }
}
