internal import OpsModel
internal import OpsSpec
internal import OpsYAML

extension ScenarioReader {
    func readDraws(_ top: inout YAMLMapping) -> [DrawRule] {
        guard let draws = top.mapping("draw") else { return [] }
        return draws.pairs.compactMap { pair in
            if let items = pair.value.sequence { return choice(pair, items) }
            guard let text = pair.value.scalar?.text, let choice = range(text) else {
                sink.report(
                    "draw \(pair.key) is a list or a range",
                    at: pair.value.mark,
                    hint: "such as [row, table], 8s..20s, 100/s..160/s or 1..3"
                )
                return nil
            }
            return DrawRule(name: pair.key, choice: choice)
        }
    }

    private func choice(_ pair: YAMLPair, _ items: [YAMLNode]) -> DrawRule? {
        let values = items.compactMap { $0.scalar == nil ? nil : $0.json }
        guard !values.isEmpty, values.count == items.count else {
            sink.report("draw \(pair.key) lists one or more plain values", at: pair.value.mark)
            return nil
        }
        return DrawRule(name: pair.key, choice: .oneOf(values))
    }

    private func range(_ text: String) -> DrawRule.Choice? {
        guard let dots = text.firstRange(of: "..") else { return nil }
        guard let low = Quantity(text[..<dots.lowerBound]), let high = Quantity(text[dots.upperBound...]),
            low.unit == high.unit, low.value <= high.value, low.value >= 0
        else { return nil }
        switch low.unit {
        case .seconds: return .seconds(low.value...high.value)
        case .perSecond: return .rate(low.value...high.value)
        case .none:
            guard let first = Int(exactly: low.value), let last = Int(exactly: high.value) else { return nil }
            return .number(first...last)
        default: return nil
        }
    }
}
