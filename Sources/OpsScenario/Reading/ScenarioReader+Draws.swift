internal import OpsModel
internal import OpsSpec
internal import OpsYAML

extension ScenarioReader {
    func readDraws(_ top: inout YAMLMapping) -> [DrawRule] {
        guard let draws = top.mapping("draw") else { return [] }
        return draws.pairs.compactMap { pair in
            if let items = pair.value.sequence { return choice(pair, items) }
            guard let text = pair.value.scalar?.text, let (choice, unit) = range(text) else {
                sink.report(
                    "draw \(pair.key) is a list or a range",
                    at: pair.value.mark,
                    hint: "such as [row, table], 8s..20s, 100/s..160/s or 1..3"
                )
                return nil
            }
            let rule = DrawRule(name: pair.key, choice: choice, unit: unit)
            if rule.isEmpty {
                let hint = "times are drawn in tenths of a second, rates in whole requests a second"
                sink.report("draw \(pair.key) has nothing to choose from", at: pair.value.mark, hint: hint)
            }
            return rule
        }
    }

    private func choice(_ pair: YAMLPair, _ items: [YAMLNode]) -> DrawRule? {
        let values = items.compactMap(\.scalar)
        guard !values.isEmpty, values.count == items.count else {
            sink.report("draw \(pair.key) lists one or more plain values", at: pair.value.mark)
            return nil
        }
        if let seconds = amounts(values, in: .seconds) {
            return DrawRule(name: pair.key, choice: .oneOf(seconds.map(JSONValue.double)), unit: .seconds)
        }
        if let rates = amounts(values, in: .perSecond) {
            let numbers = rates.map { Int(exactly: $0).map(JSONValue.int) ?? .double($0) }
            return DrawRule(name: pair.key, choice: .oneOf(numbers), unit: .perSecond)
        }
        return DrawRule(name: pair.key, choice: .oneOf(values.map(\.json)))
    }

    /// The amounts of a list in its base unit; nil unless every item counts the same.
    private func amounts(_ values: [YAMLScalar], in unit: Quantity.Unit) -> [Double]? {
        let amounts = values.compactMap { Quantity($0.text) }.filter { $0.unit == unit && $0.value >= 0 }
        return amounts.count == values.count ? amounts.map(\.value) : nil
    }

    private func range(_ text: String) -> (DrawRule.Choice, Quantity.Unit)? {
        guard let dots = text.firstRange(of: "..") else { return nil }
        guard let low = Quantity(text[..<dots.lowerBound]), let high = Quantity(text[dots.upperBound...]),
            low.unit == high.unit, low.value <= high.value, low.value >= 0
        else { return nil }
        switch low.unit {
        case .seconds: return (.seconds(low.value...high.value), .seconds)
        case .perSecond: return (.rate(low.value...high.value), .perSecond)
        case .none:
            guard let first = Int(exactly: low.value), let last = Int(exactly: high.value) else { return nil }
            return (.number(first...last), .none)
        default: return nil
        }
    }
}
