internal import OpsYAML

/// Puts in its place what the keys `<<` of a document bring, by the rule of YAML 1.1: a mapping's own keys win, then those that
/// are brought first.
struct MergeKeys {
    /// Where it is said that something cannot be brought.
    let remarks: Diagnostics

    /// Aliases within aliases can be deeper than the document; nothing that is read lies there.
    private static let depth = 64

    func merged(_ node: YAMLNode, level: Int = 0) -> YAMLNode {
        guard level < Self.depth else { return node }
        switch node.content {
        case .scalar: return node
        case .sequence(let items):
            return YAMLNode(.sequence(items.map { merged($0, level: level + 1) }), at: node.mark)
        case .mapping(let pairs): return YAMLNode(.mapping(flattened(pairs, level)), at: node.mark)
        }
    }

    private func flattened(_ pairs: [YAMLPair], _ level: Int) -> [YAMLPair] {
        let all = pairs.map { YAMLPair(key: $0.key, keyMark: $0.keyMark, value: merged($0.value, level: level + 1)) }
        var result = all.filter { $0.key != "<<" }
        var keys = Set(result.map(\.key))
        for source in all where source.key == "<<" {
            for pair in brought(by: source) where keys.insert(pair.key).inserted { result.append(pair) }
        }
        return result
    }

    private func brought(by source: YAMLPair) -> [YAMLPair] {
        var pairs: [YAMLPair] = []
        for node in source.value.sequence ?? [source.value] {
            if let more = node.mapping {
                pairs += more
            } else {
                remarks.report(
                    "'<<' brings a mapping or a list of mappings, here it is \(node.kindName)",
                    at: source.keyMark
                )
            }
        }
        return pairs
    }
}
