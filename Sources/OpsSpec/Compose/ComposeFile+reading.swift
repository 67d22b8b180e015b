internal import OpsYAML

extension ComposeFile {
    /// Reads the text of a Compose file; throws everything at once that makes it useless.
    ///
    /// What is merely not understood is left out and stands in ``remarks``.
    public static func parse(_ text: String, file: String = "compose.yaml") throws(SpecProblems) -> ComposeFile {
        do {
            let document = try YAMLDocument.parse(text, file: file)
            let reader = ComposeReader(file: file)
            let compose = reader.read(document.root)
            try reader.sink.throwIfAny()
            guard let compose else { throw SpecProblems(.invalid, reader.sink.problems) }
            return compose
        } catch let error as YAMLError {
            throw SpecProblems(.invalid, error.problems.map(unquoted))
        } catch let error as SpecProblems {
            throw error
        } catch {
            throw SpecProblems(.invalid, [Problem(file: file, message: "\(error)")])
        }
    }

    private static func unquoted(_ problem: Problem) -> Problem {
        var problem = problem
        problem.source = nil
        return problem
    }
}

/// Walks the document once and reports as it goes: to one side what makes the file useless, to the other what is left out.
struct ComposeReader {
    let file: String
    let sink: Diagnostics
    let remarks: Diagnostics

    init(file: String) {
        self.file = file
        sink = Diagnostics(file: file, lines: [])
        remarks = Diagnostics(file: file, lines: [])
    }

    func read(_ root: YAMLNode) -> ComposeFile? {
        let node = MergeKeys(remarks: remarks).merged(root)
        guard var top = YAMLMapping(node, "the Compose file", sink) else { return nil }
        let name = top.node("name").flatMap { reading($0, "'name' of the Compose file") }
        let services = readServices(&top)
        remarkKeys(of: top, known: ComposeVocabulary.file)
        return ComposeFile(file: file, name: name, services: services, remarks: remarks.problems.inOrder())
    }

    private func readServices(_ top: inout YAMLMapping) -> [ComposeService] {
        let near = Spelling.nearest(to: "services", among: top.keys.filter { $0 != "services" && $0.count < 12 })
        let hint = near.map { "is '\($0)' meant?" } ?? "what stands there is one mapping for each service"
        guard let node = top.required("services", hint: hint), let all = YAMLMapping(node, "'services'", sink) else {
            return []
        }
        if all.pairs.isEmpty { sink.report("at least one service is needed", at: all.mark) }
        let names = Set(all.keys)
        return all.pairs.compactMap { readService($0, among: names) }
    }

    /// Remarks on keys that are not followed and on those that Compose does not know either.
    func remarkKeys(of map: YAMLMapping, known: Set<String>) {
        for pair in map.pairs where !pair.key.hasPrefix("x-") {
            if let words = ComposeVocabulary.notFollowed[pair.key] {
                remarks.report("'\(pair.key)' of \(map.subject): \(words)", at: pair.keyMark)
            } else if !known.contains(pair.key) {
                let near = pair.key.count < 40 ? Spelling.nearest(to: pair.key, among: known) : nil
                remarks.report(
                    "\(map.subject) has no '\(DraftText.brief(pair.key))'",
                    at: pair.keyMark,
                    hint: near.map { "did you mean '\($0)'?" }
                )
            }
        }
    }

    /// Text as it reads when no variable is set; nil, with a remark, when that says nothing.
    func reading(_ node: YAMLNode, _ what: String) -> String? {
        guard let scalar = node.scalar, !scalar.isNull else {
            remarks.report("\(what) must be text, here it is \(node.kindName)", at: node.mark)
            return nil
        }
        return filled(scalar.text[...], what, at: node.mark)
    }

    /// The same for a part of a text.
    func filled(_ text: Substring, _ what: String, at mark: YAMLMark) -> String? {
        switch Interpolation.fill(text) {
        case .text(let text): return text
        case .variable(let name):
            remarks.report(
                "\(what) is known to the environment only, as $\(DraftText.brief(name)): left out",
                at: mark,
                hint: "write ${NAME:-default}, or read what `docker compose config` prints"
            )
            return nil
        }
    }
}
