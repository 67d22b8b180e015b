public import OpsModel

extension YAMLNode {
    /// The node as a JSON value: plain scalars by the core schema, everything else as text.
    public var json: JSONValue {
        switch content {
        case .scalar(let scalar): scalar.json
        case .sequence(let items): .array(items.map(\.json))
        case .mapping(let pairs):
            .object(Dictionary(pairs.map { ($0.key, $0.value.json) }, uniquingKeysWith: { first, _ in first }))
        }
    }
}

extension YAMLScalar {
    /// The scalar as a JSON value; infinities and not-a-number, which JSON lacks, stay text.
    public var json: JSONValue {
        if isNull { return .null }
        if let bool { return .bool(bool) }
        if let int { return .int(int) }
        if let double, double.isFinite { return .double(double) }
        return .string(text)
    }
}
