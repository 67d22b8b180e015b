public import OpsSpec
internal import OpsYAML

extension ApproverScript {
    /// Reads a script of one's own; throws every problem at once.
    public static func load(_ path: String) throws(SpecProblems) -> ApproverScript {
        try parse(try readDocument(path), file: path)
    }

    /// The same from a text.
    public static func parse(_ text: String, file: String = "approver.yaml") throws(SpecProblems) -> ApproverScript {
        do {
            let document = try YAMLDocument.parse(text, file: file)
            let sink = document.diagnostics()
            let steps = read(document.root, sink)
            try sink.throwIfAny()
            return ApproverScript(name: file.split(separator: "/").last.map(String.init) ?? file, steps: steps)
        } catch {
            throw SpecProblems(error)
        }
    }

    private static func read(_ root: YAMLNode, _ sink: Diagnostics) -> [Step] {
        guard var top = YAMLMapping(root, "the approver", sink) else { return [] }
        defer { top.finish() }
        if let node = top.required("approver", hint: "the first line is 'approver: 1'"), node.scalar?.int != 1 {
            sink.report("only version 1 of an approver's script is known", at: node.mark)
        }
        let steps = (top.list("answers") ?? []).compactMap { read(step: $0, sink) }
        if steps.isEmpty { sink.report("'answers' needs one answer or more", at: top.mark) }
        return steps
    }

    private static func read(step node: YAMLNode, _ sink: Diagnostics) -> Step? {
        guard var map = YAMLMapping(node, "an answer", sink) else { return nil }
        defer { map.finish() }
        let word = map.requiredString("do", hint: "approve, deny or nothing") ?? ""
        let option = map.int("option", in: 1...99)
        let reason = map.string("reason")
        let answer: Answer? =
            switch word {
            case "approve": .approve(option: option)
            case "deny": .deny(reason: reason ?? "not now")
            case "nothing": .nothing
            default: nil
            }
        guard let answer else {
            if map.node("do") != nil {
                sink.report("no such answer: \(word)", at: map.mark(of: "do"), hint: "approve, deny or nothing")
            }
            return nil
        }
        let twist = twist(&map, of: word, reason)
        if option != nil, word != "approve" { sink.report("only approve has an option", at: map.mark(of: "option")) }
        if reason != nil, word != "deny", twist == nil || twist == .drift {
            sink.report("only deny and revoke have a reason", at: map.mark(of: "reason"))
        }
        return Step(answer, after: delay(&map), twist: twist)
    }

    /// `when: drifted` waits until a fact is another one, `then: revoke` takes the yes back.
    private static func twist(_ map: inout YAMLMapping, of word: String, _ reason: String?) -> Twist? {
        let (before, after) = (map.string("when"), map.string("then"))
        if before != nil || after != nil, word != "approve" {
            map.sink.report("only approve has 'when' or 'then'", at: map.mark(of: before == nil ? "then" : "when"))
        }
        switch (before, after) {
        case (nil, nil): return nil
        case ("drifted"?, nil): return .drift
        case (nil, "revoke"?): return .revoke(reason: reason ?? secondThoughts)
        default:
            map.sink.report(
                "no such twist of an answer",
                at: map.mark(of: before == nil ? "then" : "when"),
                hint: "when: drifted, or then: revoke, and not both"
            )
            return nil
        }
    }

    private static func delay(_ map: inout YAMLMapping) -> Duration {
        guard let text = map.string("after") else { return .zero }
        if let duration = Duration(goStyle: text), duration <= .seconds(3_600) { return duration }
        map.sink.report("'after' of an answer is a duration of an hour at most, such as 20s", at: map.mark(of: "after"))
        return .zero
    }
}
