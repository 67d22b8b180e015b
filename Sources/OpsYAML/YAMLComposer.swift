internal import CYAML

/// Builds the tree from libyaml's events, and keeps it within bounds while doing so.
struct YAMLComposer {
    let sink: Diagnostics
    let limits: YAMLLimits
    private var anchors: [String: (node: YAMLNode, weight: Int)] = [:]
    private var total = 0

    init(sink: Diagnostics, limits: YAMLLimits) {
        self.sink = sink
        self.limits = limits
    }

    /// Composes the one document of a text.
    mutating func compose(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode {
        let parser: YAMLEventParser
        do { parser = try YAMLEventParser(bytes) } catch { throw refuse(error) }
        var root: YAMLNode?
        while true {
            let event = try next(parser)
            switch event.kind {
            case .streamEnd: return root ?? YAMLNode(.scalar(YAMLScalar("", isPlain: true)))
            case .documentStart where root != nil:
                throw refuse(
                    YAMLSyntaxProblem(message: "a second document begins here; one is allowed", mark: event.mark)
                )
            case .other, .documentStart, .documentEnd: continue
            default: root = try node(from: event, parser, depth: 1)
            }
        }
    }

    private mutating func node(
        from event: YAMLEvent,
        _ parser: YAMLEventParser,
        depth: Int
    ) throws(YAMLError) -> YAMLNode {
        guard depth <= limits.depth else { throw tooLarge("nested deeper than \(limits.depth) levels", event) }
        if case .alias(let name) = event.kind { return try expand(name, event) }
        let before = total
        try count(1, event)
        let content = try self.content(of: event, parser, depth: depth)
        let node = YAMLNode(content, at: shifted(event.mark))
        if let anchor = event.anchor { anchors[anchor] = (node, total - before) }
        return node
    }

    private mutating func content(
        of event: YAMLEvent,
        _ parser: YAMLEventParser,
        depth: Int
    ) throws(YAMLError) -> YAMLNode.Content {
        switch event.kind {
        case .scalar(let scalar): return .scalar(scalar)
        case .sequenceStart:
            var items: [YAMLNode] = []
            while true {
                let inner = try next(parser)
                if case .sequenceEnd = inner.kind { return .sequence(items) }
                items.append(try node(from: inner, parser, depth: depth + 1))
            }
        default: return .mapping(try pairs(parser, depth: depth))
        }
    }

    private mutating func pairs(_ parser: YAMLEventParser, depth: Int) throws(YAMLError) -> [YAMLPair] {
        var pairs: [YAMLPair] = []
        var seen: [String: YAMLMark] = [:]
        while true {
            let event = try next(parser)
            if case .mappingEnd = event.kind { return pairs }
            let keyNode = try node(from: event, parser, depth: depth + 1)
            let value = try node(from: try next(parser), parser, depth: depth + 1)
            guard let key = keyNode.scalar?.text else {
                sink.report("a key must be text, here it is \(keyNode.kindName)", at: keyNode.mark)
                continue
            }
            if let first = seen[key] {
                sink.report("'\(key)' stands here a second time", at: keyNode.mark, hint: "first in line \(first.line)")
                continue
            }
            seen[key] = keyNode.mark
            pairs.append(YAMLPair(key: key, keyMark: keyNode.mark, value: value))
        }
    }

    private mutating func expand(_ name: String, _ event: YAMLEvent) throws(YAMLError) -> YAMLNode {
        guard let anchor = anchors[name] else {
            throw refuse(YAMLSyntaxProblem(message: "no anchor '&\(name)' stands before this alias", mark: event.mark))
        }
        try count(anchor.weight, event)
        return anchor.node
    }

    private mutating func count(_ nodes: Int, _ event: YAMLEvent) throws(YAMLError) {
        total += nodes
        guard total <= limits.nodes else {
            throw tooLarge("more than \(limits.nodes) values once aliases are expanded", event)
        }
    }

    private func next(_ parser: YAMLEventParser) throws(YAMLError) -> YAMLEvent {
        do { return try parser.next() } catch { throw refuse(error) }
    }

    private func refuse(_ problem: YAMLSyntaxProblem) -> YAMLError {
        sink.report(problem.message, at: shifted(problem.mark), hint: problem.hint)
        return YAMLError(.malformed, sink.problems)
    }

    private func tooLarge(_ message: String, _ event: YAMLEvent) -> YAMLError {
        sink.report(message, at: shifted(event.mark))
        return YAMLError(.tooLarge, sink.problems)
    }

    private func shifted(_ mark: YAMLMark) -> YAMLMark {
        YAMLMark(line: mark.line + sink.offset, column: mark.column)
    }
}
