internal import OpsModel
internal import OpsSpec
internal import OpsYAML

/// What a file says of the circumstances of a run.
extension ScenarioReader {
    func readDifficulty(_ top: inout YAMLMapping) -> Difficulty? {
        guard let word = top.string("difficulty") else { return nil }
        if let difficulty = Difficulty(rawValue: word) { return difficulty }
        let all = Difficulty.allCases.map(\.rawValue).joined(separator: ", ")
        sink.report("no such difficulty: \(word)", at: top.mark(of: "difficulty"), hint: "one of \(all)")
        return nil
    }

    func readGiven(_ top: inout YAMLMapping) -> [String] {
        guard var map = top.mapping("given") else { return [] }
        defer { map.finish() }
        return map.strings("flags") ?? []
    }

    func readWithholding(_ top: inout YAMLMapping) -> Withholding {
        guard var map = top.mapping("withhold") else { return Withholding() }
        defer { map.finish() }
        let withheld = Withholding(runbooks: map.strings("runbooks") ?? [], reads: map.strings("reads") ?? [])
        for word in withheld.reads where !ReadVocabulary.families.contains(word) {
            let all = ReadVocabulary.families.sorted().joined(separator: ", ")
            sink.report("there are no reads '\(word)' to withhold", at: map.mark(of: "reads"), hint: "some of \(all)")
        }
        return withheld
    }
}
