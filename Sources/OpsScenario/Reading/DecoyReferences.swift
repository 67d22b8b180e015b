internal import OpsModel
internal import OpsYAML

/// Checks that decoys are ones that a run can set up, and that they are as hard to see through as the file says.
struct DecoyReferences {
    let scope: ScenarioScope
    let sink: Diagnostics
    let root: YAMLNode

    func check(_ difficulty: Difficulty?) {
        let kinds = root.items("decoys").compactMap { $0["kind"] }
        let known = kinds.map(outcomes)
        guard let difficulty, let node = root["difficulty"], known.allSatisfy({ $0 != nil }) else { return }
        guard !difficulty.fits(known.compactMap(\.self)) else { return }
        sink.report(
            "the decoys do not make this scenario '\(difficulty.rawValue)'",
            at: node.mark,
            hint: "it takes \(difficulty.demand)"
        )
    }

    /// All that a decoy can come out as; nil when something of that is no decoy, which is told.
    private func outcomes(of node: YAMLNode) -> [DecoyKind]? {
        let outcomes = scope.outcomes(of: node)
        let unknown = outcomes.filter { DecoyKind(rawValue: $0.written) == nil }
        for outcome in unknown {
            sink.report(
                "no such decoy: \(outcome.written)",
                at: place(of: outcome, node),
                hint: "use one of \(DecoyKind.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return unknown.isEmpty ? outcomes.compactMap { DecoyKind(rawValue: $0.written) } : nil
    }

    /// Where a word stands: in the list of its draw, or where it is used.
    private func place(of outcome: JSONValue, _ node: YAMLNode) -> YAMLMark {
        guard let draw = scope.draw(of: node), let listed = root["draw"]?[draw.name] else { return node.mark }
        return listed.sequence?.first { $0.json == outcome }?.mark ?? listed.mark
    }
}
