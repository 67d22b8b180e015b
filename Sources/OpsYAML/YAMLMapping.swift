/// Reads a mapping key by key and remembers which keys nobody asked for.
///
/// Each accessor reports to the collector instead of throwing, so that one pass over a document finds every problem. Call
/// ``finish()`` last: it reports the keys that are left over, with the nearest known key as the hint.
public struct YAMLMapping {
    /// Where the mapping stands.
    public let mark: YAMLMark
    /// What the mapping describes, for messages: "component db".
    public let subject: String
    /// Where problems go.
    public let sink: Diagnostics
    /// The pairs in the order of the text.
    public let pairs: [YAMLPair]
    private var asked: Set<String> = []

    /// Reports and fails when the node is no mapping.
    public init?(_ node: YAMLNode, _ subject: String, _ sink: Diagnostics) {
        guard let pairs = node.mapping else {
            sink.report("\(subject) must be a mapping, here it is \(node.kindName)", at: node.mark)
            return nil
        }
        self.pairs = pairs
        self.mark = node.mark
        self.subject = subject
        self.sink = sink
    }

    /// The keys in the order of the text.
    public var keys: [String] { pairs.map(\.key) }

    /// The value under a key; an explicit null counts as absent.
    public mutating func node(_ key: String) -> YAMLNode? {
        asked.insert(key)
        guard let node = pairs.first(where: { $0.key == key })?.value, node.scalar?.isNull != true else { return nil }
        return node
    }

    /// The value under a key that must be there.
    public mutating func required(_ key: String, hint: String? = nil) -> YAMLNode? {
        if let node = node(key) { return node }
        sink.report("\(subject) needs '\(key)'", at: mark, hint: hint)
        return nil
    }

    /// Text under a key; numbers and booleans are taken as they were written.
    public mutating func string(_ key: String) -> String? {
        node(key).flatMap { text($0, key) }
    }

    /// Text under a key that must be there.
    public mutating func requiredString(_ key: String, hint: String? = nil) -> String? {
        required(key, hint: hint).flatMap { text($0, key) }
    }

    /// A whole number within bounds.
    public mutating func int(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(key) else { return nil }
        guard let value = node.scalar?.int, range.contains(value) else {
            sink.report(
                "'\(key)' of \(subject) must be a whole number from \(range.lowerBound) to \(range.upperBound)",
                at: node.mark
            )
            return nil
        }
        return value
    }

    /// `true` or `false`.
    public mutating func bool(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        guard let value = node.scalar?.bool else {
            sink.report("'\(key)' of \(subject) must be true or false, here it is \(node.kindName)", at: node.mark)
            return nil
        }
        return value
    }

    /// A list of texts; a single text counts as a list of one.
    public mutating func strings(_ key: String) -> [String]? {
        guard let node = node(key) else { return nil }
        let items = node.sequence ?? [node]
        return items.compactMap { text($0, key) }
    }

    /// The items of a list.
    public mutating func list(_ key: String) -> [YAMLNode]? {
        guard let node = node(key) else { return nil }
        if let items = node.sequence { return items }
        sink.report("'\(key)' of \(subject) must be a list, here it is \(node.kindName)", at: node.mark)
        return nil
    }

    /// A mapping inside this one.
    public mutating func mapping(_ key: String) -> YAMLMapping? {
        node(key).flatMap { YAMLMapping($0, "'\(key)' of \(subject)", sink) }
    }

    /// Where the value of a key stands, or the mapping itself when it is absent.
    public func mark(of key: String) -> YAMLMark {
        pairs.first { $0.key == key }?.value.mark ?? mark
    }

    /// Reports every key that no accessor asked for.
    public func finish() {
        for pair in pairs where !asked.contains(pair.key) {
            let near = Spelling.nearest(to: pair.key, among: asked)
            sink.report(
                "\(subject) has no '\(pair.key)'",
                at: pair.keyMark,
                hint: near.map { "did you mean '\($0)'?" } ?? "known: \(asked.sorted().joined(separator: ", "))"
            )
        }
    }

    private func text(_ node: YAMLNode, _ key: String) -> String? {
        if let scalar = node.scalar, !scalar.isNull { return scalar.text }
        sink.report("'\(key)' of \(subject) must be text, here it is \(node.kindName)", at: node.mark)
        return nil
    }
}
