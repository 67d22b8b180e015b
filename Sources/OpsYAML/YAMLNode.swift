/// A value of a YAML document together with the place where it stands.
public struct YAMLNode: Sendable {
    /// What a node holds.
    ///
    /// Mappings keep the order of the text.
    public enum Content: Sendable {
        /// Text, not yet read as a number or anything else.
        case scalar(YAMLScalar)
        /// An ordered list.
        case sequence([YAMLNode])
        /// Keys with their values; keys are scalars and unique.
        case mapping([YAMLPair])
    }

    /// The value.
    public var content: Content
    /// Where it begins.
    public var mark: YAMLMark

    /// A node that stands at `mark`.
    public init(_ content: Content, at mark: YAMLMark = .start) {
        self.content = content
        self.mark = mark
    }

    /// The scalar, or nil for lists and mappings.
    public var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The items, or nil for scalars and mappings.
    public var sequence: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    /// The pairs in the order of the text, or nil for scalars and lists.
    public var mapping: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// The value under a key of a mapping.
    public subscript(key: String) -> YAMLNode? {
        mapping?.first { $0.key == key }?.value
    }

    /// What the node is, for messages, such as "a list", "a mapping", "text", "a number" or "nothing".
    public var kindName: String {
        switch content {
        case .scalar(let scalar): scalar.kindName
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A key of a mapping, its place, and its value.
public struct YAMLPair: Sendable {
    /// The key's text.
    public var key: String
    /// Where the key stands.
    public var keyMark: YAMLMark
    /// What stands behind the colon.
    public var value: YAMLNode

    /// A pair as the parser met it.
    public init(key: String, keyMark: YAMLMark, value: YAMLNode) {
        self.key = key
        self.keyMark = keyMark
        self.value = value
    }
}
