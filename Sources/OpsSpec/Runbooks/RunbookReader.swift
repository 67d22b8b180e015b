internal import OpsModel
internal import OpsYAML

extension Runbook {
    /// Reads a runbook's text; throws every problem of its front matter at once.
    public static func parse(_ text: String, file: String) throws(SpecProblems) -> Runbook {
        guard let matter = FrontMatter(text) else {
            let hint = "the first line is ---, then YAML, then --- again, then prose"
            throw SpecProblems(
                .invalid,
                [Problem(file: file, line: 1, column: 1, message: "no front matter", hint: hint)]
            )
        }
        do {
            let document = try YAMLDocument.parse(matter.yaml, file: file, lineOffset: matter.offset)
            let sink = document.diagnostics()
            var reader = RunbookReader(
                sink: sink,
                file: file,
                end: matter.yaml.split(separator: "\n").count + matter.offset
            )
            let runbook = reader.read(document.root, matter.sections)
            try sink.throwIfAny()
            guard let runbook else { throw SpecProblems(.invalid, sink.problems) }
            return runbook
        } catch let error as YAMLError {
            throw SpecProblems(error)
        } catch let error as SpecProblems {
            throw error
        } catch {
            throw SpecProblems(.invalid, [Problem(file: file, message: "\(error)")])
        }
    }
}

/// Walks the front matter once and reports as it goes.
struct RunbookReader {
    let sink: Diagnostics
    let file: String
    /// The last line of the front matter.
    let end: Int
    var aliases: Set<String> = []

    mutating func read(_ root: YAMLNode, _ sections: [Runbook.Section]) -> Runbook? {
        guard var top = YAMLMapping(root, "the runbook", sink) else { return nil }
        if let version = top.required("runbook"), version.scalar?.int != 1 {
            sink.report("only version 1 of runbooks is known", at: version.mark)
        }
        let look = readLook(&top)
        aliases = Set(look.map(\.alias))
        let runbook = Runbook(
            id: readIdentifier(&top),
            title: top.requiredString("title") ?? "",
            kind: readKind(&top),
            reviewed: readReviewed(&top),
            symptoms: top.required("symptoms").map { $0.sequence?.compactMap(\.scalar?.text) ?? [] } ?? [],
            look: look,
            hypotheses: readHypotheses(&top),
            never: (top.list("never") ?? []).compactMap(readNever),
            stopIf: (top.list("stop_if") ?? []).compactMap(readStopRule),
            sections: sections,
            path: file
        )
        top.finish()
        return runbook
    }

    private func readIdentifier(_ top: inout YAMLMapping) -> String {
        let id = top.requiredString("id") ?? ""
        let name = file.split(separator: "/").last.map(String.init) ?? file
        if name.hasSuffix(".md"), !id.isEmpty, name != id + ".md" {
            sink.report("the id is the file's name: \(name.dropLast(3))", at: top.mark(of: "id"))
        }
        return id
    }

    private func readKind(_ top: inout YAMLMapping) -> ComponentKind {
        guard let node = top.required("for"), var map = YAMLMapping(node, "'for'", sink) else { return .http }
        defer { map.finish() }
        let known = ComponentKind.allCases.map(\.rawValue).joined(separator: ", ")
        guard let word = map.requiredString("kind", hint: "one of: \(known)") else { return .http }
        if let kind = ComponentKind(rawValue: word) { return kind }
        sink.report(
            "a runbook is about a kind of component, not about '\(word)'",
            at: map.mark(of: "kind"),
            hint: "one of: \(known)"
        )
        return .http
    }

    private func readReviewed(_ top: inout YAMLMapping) -> Timestamp {
        guard let text = top.requiredString("reviewed", hint: "the day of the last review: 2026-11-20") else {
            return Timestamp(microseconds: 0)
        }
        if text.count == 10, let day = Timestamp(text + "T00:00:00Z") { return day }
        sink.report("'reviewed' is a day such as 2026-11-20", at: top.mark(of: "reviewed"))
        return Timestamp(microseconds: 0)
    }

    private func readLook(_ top: inout YAMLMapping) -> [Runbook.Look] {
        (top.mapping("look")?.pairs ?? []).compactMap { pair in
            guard let text = pair.value.scalar?.text else {
                sink.report("'\(pair.key)' names one read", at: pair.value.mark)
                return nil
            }
            do {
                let reference = try Reference(parsing: text)
                expectRead(reference, pair.value.mark)
                return Runbook.Look(alias: pair.key, reference: reference)
            } catch {
                sink.report("'\(text)': \(error)", at: pair.value.mark)
                return nil
            }
        }
    }

    private mutating func readHypotheses(_ top: inout YAMLMapping) -> [Runbook.Hypothesis] {
        guard let node = top.required("hypotheses") else { return [] }
        let nodes = node.sequence ?? []
        if nodes.count < 2 {
            sink.report("a symptom has two explanations or more; this runbook has \(nodes.count)", at: node.mark)
        }
        return nodes.indices.compactMap { index in
            let next = index + 1 < nodes.count ? nodes[index + 1].mark.line - 1 : nil
            return readHypothesis(nodes[index], last: next ?? lastLine(after: nodes[index].mark.line, top))
        }
    }

    /// The line before the next key of the document.
    private func lastLine(after line: Int, _ top: YAMLMapping) -> Int {
        (top.pairs.map(\.keyMark.line).filter { $0 > line }.min() ?? end + 1) - 1
    }

    private func readHypothesis(_ node: YAMLNode, last: Int) -> Runbook.Hypothesis? {
        guard var map = YAMLMapping(node, "a hypothesis", sink) else { return nil }
        defer { map.finish() }
        let word = map.requiredString("mechanism") ?? ""
        let mechanism = Mechanism(rawValue: word)
        if mechanism == nil, !word.isEmpty {
            let near = Spelling.nearest(to: word, among: Mechanism.allCases.map(\.rawValue))
            sink.report(
                "'\(word)' is no mechanism",
                at: map.mark(of: "mechanism"),
                hint: near.map { "did you mean '\($0)'?" }
            )
        }
        let supporting = readConditions(&map, "for")
        if supporting.isEmpty { sink.report("a hypothesis needs something that speaks for it", at: map.mark) }
        let opposing = readConditions(&map, "against")
        let repair = (map.list("repair") ?? []).compactMap(readRepair)
        if repair.isEmpty { sink.report("a hypothesis ends in an action or in 'escalate'", at: map.mark) }
        return Runbook.Hypothesis(
            mechanism: mechanism ?? .none,
            supporting: supporting,
            opposing: opposing,
            repair: repair,
            lines: node.mark.line...max(node.mark.line, last)
        )
    }

    private func readRepair(_ node: YAMLNode) -> Runbook.Repair? {
        guard var map = YAMLMapping(node, "a repair", sink) else { return nil }
        defer { map.finish() }
        if let reason = map.string("escalate") { return .escalate(reason) }
        guard let action = map.requiredString("action", hint: "or 'escalate' with the reason") else { return nil }
        let with = map.mapping("with")
        checkAction(action, with, map.mark(of: "action"))
        return .action(
            Runbook.RepairAction(
                action: action,
                with: Dictionary(with?.pairs.map { ($0.key, $0.value.json) } ?? []) { first, _ in first },
                unless: readConditions(&map, "unless"),
                onlyIf: readConditions(&map, "only_if"),
                thenExpect: readConditions(&map, "then_expect")
            )
        )
    }

    private func checkAction(_ action: String, _ with: YAMLMapping?, _ mark: YAMLMark) {
        guard let parameters = ActionVocabulary.parameters[action] else {
            let near = Spelling.nearest(to: action, among: ActionVocabulary.names)
            sink.report("'\(action)' is no action", at: mark, hint: near.map { "did you mean '\($0)'?" })
            return
        }
        for pair in with?.pairs ?? [] where !parameters.contains(pair.key) {
            sink.report(
                "\(action) has no parameter '\(pair.key)'",
                at: pair.keyMark,
                hint: "it has: \(parameters.sorted().joined(separator: ", "))"
            )
        }
    }

    private func readNever(_ node: YAMLNode) -> Runbook.Never? {
        guard var map = YAMLMapping(node, "an entry of 'never'", sink) else { return nil }
        defer { map.finish() }
        guard let action = map.requiredString("action"), let because = map.requiredString("because") else { return nil }
        checkAction(action, nil, map.mark(of: "action"))
        return Runbook.Never(action: action, because: because)
    }

    private func readStopRule(_ node: YAMLNode) -> StopRule? {
        if let rule = node.scalar.flatMap({ StopRule($0.text) }) { return rule }
        sink.report("'stop_if' knows 'two repairs tried' and 'READ falls after a repair'", at: node.mark)
        return nil
    }

    private func readConditions(_ map: inout YAMLMapping, _ key: String) -> [Condition] {
        (map.list(key) ?? []).compactMap { node in
            guard let text = node.scalar?.text else {
                sink.report("a condition is text; quote it if it holds braces", at: node.mark)
                return nil
            }
            do {
                let condition = try Condition(text, aliases: aliases)
                expectRead(condition.left, node.mark)
                if case .reference(let reference) = condition.right { expectRead(reference, node.mark) }
                return condition
            } catch {
                sink.report("'\(text)': \(error)", at: node.mark)
                return nil
            }
        }
    }

    private func expectRead(_ reference: Reference, _ mark: YAMLMark) {
        if let (read, field) = ReadVocabulary.split(reference.path) {
            let name = ([field].compactMap(\.self) + reference.tail).first
            guard let name, !read.fields.contains(name) else { return }
            sink.report(
                "\(read.name) has no field '\(name)'",
                at: mark,
                hint: "it has: \(read.fields.sorted().joined(separator: ", "))"
            )
        } else if reference.path.first.map(aliases.contains) != true {
            let name = reference.path.joined(separator: ".")
            let near = Spelling.nearest(to: name, among: ReadVocabulary.all.map(\.name) + aliases)
            sink.report(
                "'\(name)' is neither a read nor a name under 'look'",
                at: mark,
                hint: near.map { "did you mean '\($0)'?" }
            )
        }
    }
}
