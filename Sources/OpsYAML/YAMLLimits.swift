/// How large a document may be before it is refused unread.
public struct YAMLLimits: Sendable {
    /// Bytes of text.
    public var bytes: Int
    /// Levels of nesting.
    public var depth: Int
    /// Nodes after aliases are expanded: what stops a "billion laughs" document.
    public var nodes: Int

    /// Far above anything that a person writes by hand.
    public static let standard = YAMLLimits(bytes: 1 << 20, depth: 32, nodes: 50_000)

    /// Limits of one's own.
    public init(bytes: Int, depth: Int, nodes: Int) {
        self.bytes = bytes
        self.depth = depth
        self.nodes = nodes
    }
}
