internal import OpsModel
public import OpsSpec
internal import OpsYAML

extension Scenario {
    /// Reads a scenario and checks it; throws every problem at once.
    public static func parse(_ text: String, file: String = "scenario.yaml") throws(SpecProblems) -> Scenario {
        do {
            let document = try YAMLDocument.parse(text, file: file)
            let sink = document.diagnostics()
            let scenario = ScenarioReader(sink: sink).read(document.root)
            if let scenario { ScenarioReferences(scenario: scenario, sink: sink, root: document.root).check() }
            try sink.throwIfAny()
            guard var scenario else { throw SpecProblems(.invalid, sink.problems) }
            scenario.source = text
            return scenario
        } catch let error as YAMLError {
            throw SpecProblems(error)
        } catch let error as SpecProblems {
            throw error
        } catch {
            throw SpecProblems(.invalid, [Problem(file: file, message: "\(error)")])
        }
    }

    /// Reads a scenario file.
    public static func load(_ path: String) throws(SpecProblems) -> Scenario {
        try parse(try readDocument(path), file: path)
    }
}

/// Walks the document once and reports as it goes.
struct ScenarioReader {
    let sink: Diagnostics

    func read(_ root: YAMLNode) -> Scenario? {
        guard var top = YAMLMapping(root, "the scenario", sink) else { return nil }
        defer { top.finish() }
        if let node = top.required("scenario", hint: "the first line is 'scenario: 1'"), node.scalar?.int != 1 {
            sink.report("only version 1 of the scenario language is known", at: node.mark)
        }
        return Scenario(
            id: readID(&top),
            about: top.requiredString("about", hint: "one sentence for people") ?? "",
            family: top.requiredString("family", hint: "scenarios that open with the same page") ?? "",
            difficulty: readDifficulty(&top),
            roles: readRoles(&top),
            steadyHold: readSteady(&top),
            given: readGiven(&top),
            draws: readDraws(&top),
            injections: (top.list("inject") ?? []).compactMap(readInjection),
            decoys: (top.list("decoys") ?? []).compactMap(readDecoy),
            withheld: readWithholding(&top),
            expect: readExpectation(&top),
            judge: readJudgement(&top),
            proof: readProof(&top),
            approvers: top.strings("approvers") ?? ["approve"]
        )
    }

    private func readID(_ top: inout YAMLMapping) -> String {
        let id = top.requiredString("id") ?? ""
        let isName = !id.isEmpty && id.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        if !isName, top.node("id") != nil {
            sink.report("'id' has small letters, digits and hyphens", at: top.mark(of: "id"))
        }
        return id
    }

    private func readRoles(_ top: inout YAMLMapping) -> [Scenario.Role] {
        guard let node = top.required("needs"), let needs = YAMLMapping(node, "'needs'", sink) else { return [] }
        return needs.pairs.compactMap { pair in
            guard let kind = pair.value.scalar.flatMap({ ComponentKind(rawValue: $0.text) }) else {
                let kinds = ComponentKind.allCases.map(\.rawValue).joined(separator: ", ")
                sink.report("role \(pair.key) needs a kind of component", at: pair.value.mark, hint: "one of \(kinds)")
                return nil
            }
            return Scenario.Role(name: pair.key, kind: kind)
        }
    }

    private func readSteady(_ top: inout YAMLMapping) -> Duration {
        guard var steady = top.mapping("steady") else { return .seconds(10) }
        defer { steady.finish() }
        return duration(&steady, "hold") ?? .seconds(10)
    }

    private func readInjection(_ node: YAMLNode) -> Scenario.Injection? {
        guard var map = YAMLMapping(node, "an injection", sink) else { return nil }
        defer { map.finish() }
        let with = map.node("with").flatMap(\.json.objectValue) ?? [:]
        return Scenario.Injection(
            at: moment(&map, "at"),
            fault: map.requiredString("fault") ?? "",
            target: map.requiredString("target", hint: "a role") ?? "",
            instance: map.string("instance"),
            with: with,
            lease: duration(&map, "lease", isRequired: true) ?? .seconds(0),
            lasting: map.node("for") == nil ? nil : moment(&map, "for")
        )
    }

    private func readDecoy(_ node: YAMLNode) -> Scenario.Decoy? {
        guard var map = YAMLMapping(node, "a decoy", sink) else { return nil }
        defer { map.finish() }
        return Scenario.Decoy(at: moment(&map, "at"), kind: map.requiredString("kind") ?? "none")
    }

    func duration(_ map: inout YAMLMapping, _ key: String, isRequired: Bool = false) -> Duration? {
        guard let text = isRequired ? map.requiredString(key) : map.string(key) else { return nil }
        if let duration = Duration(goStyle: text) { return duration }
        sink.report("'\(key)' of \(map.subject) is a duration such as 500ms, 30s or 2m", at: map.mark(of: key))
        return nil
    }

    /// `$onset`, `$onset + 3s`, `$onset - 4s` or a duration.
    private func moment(_ map: inout YAMLMapping, _ key: String) -> Scenario.Moment {
        guard let text = map.requiredString(key) else { return .init(draw: nil, offsetS: 0) }
        let words = text.split(separator: " ")
        if words.count == 1, let plain = Duration(goStyle: text) {
            return .init(draw: nil, offsetS: plain / .seconds(1))
        }
        guard let first = words.first, first.hasPrefix("$") else { return badMoment(map, key) }
        let draw = String(first.dropFirst())
        if words.count == 1 { return .init(draw: draw, offsetS: 0) }
        guard words.count == 3, ["+", "-"].contains(words[1]), let offset = Duration(goStyle: words[2]) else {
            return badMoment(map, key)
        }
        return .init(draw: draw, offsetS: (words[1] == "-" ? -1 : 1) * (offset / .seconds(1)))
    }

    private func badMoment(_ map: YAMLMapping, _ key: String) -> Scenario.Moment {
        sink.report("'\(key)' of \(map.subject) is a time such as 5s, $onset or $onset - 4s", at: map.mark(of: key))
        return .init(draw: nil, offsetS: 0)
    }
}
