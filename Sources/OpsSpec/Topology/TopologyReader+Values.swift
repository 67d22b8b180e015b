internal import OpsYAML

extension TopologyReader {
    /// A share such as `99.5%`, as 0 to 1.
    func share(_ map: inout YAMLMapping, _ key: String, isRequired: Bool = false) -> Double? {
        guard let text = isRequired ? map.requiredString(key) : map.string(key) else { return nil }
        if let quantity = Quantity(text), quantity.unit == .ratio, (0...1).contains(quantity.value) {
            return quantity.value
        }
        sink.report("'\(key)' of \(map.subject) is a share such as 99.5%", at: map.mark(of: key))
        return nil
    }

    /// A duration such as `30s`.
    func duration(_ map: inout YAMLMapping, _ key: String, isRequired: Bool = false) -> Duration? {
        guard let text = isRequired ? map.requiredString(key) : map.string(key) else { return nil }
        if let duration = Duration(goStyle: text) { return duration }
        sink.report("'\(key)' of \(map.subject) is a duration such as 500ms, 30s or 2m", at: map.mark(of: key))
        return nil
    }

    /// A size such as `64MiB`.
    func size(_ map: inout YAMLMapping, _ key: String) -> Int? {
        guard let text = map.string(key) else { return nil }
        if let quantity = Quantity(text), quantity.unit == .bytes, quantity.value > 0, quantity.value < 1e15 {
            return Int(quantity.value)
        }
        sink.report("'\(key)' of \(map.subject) is a size such as 64MiB", at: map.mark(of: key))
        return nil
    }

    func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10)%" }
}
