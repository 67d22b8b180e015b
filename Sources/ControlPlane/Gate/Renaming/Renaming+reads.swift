import OpsModel
import OpsSpec

/// Questions and answers under other names.
extension Renaming {
    /// What a question asks; of a runbook's search the words are a sentence, of everything else they are names.
    func back(_ query: ReadQuery) -> ReadQuery {
        let isRunbook = query.read.hasPrefix("runbook.")
        return ReadQuery(
            read: query.read,
            component: query.component.map(back),
            instance: query.instance.map(back),
            selector: query.selector.map(back),
            parameters: query.parameters.mapValues { $0.mapTexts(isRunbook ? prose : back) }
        )
    }

    /// An answer as its agent sees it; runbooks are about no system, and stay as they are.
    func there(_ answer: ReadAnswer) -> ReadAnswer {
        guard !answer.read.hasPrefix("runbook.") else { return answer }
        var shown = answer
        shown.component = answer.component.map(there)
        shown.instance = answer.instance.map(there)
        shown.selector = answer.selector.map(there)
        shown.value = there(answer.value)
        shown.fields = there(.object(answer.fields)).objectValue ?? [:]
        shown.rows = answer.rows.map(there)
        shown.reason = answer.reason.map(there)
        return shown
    }

    /// A document with every text renamed, but for members whose values are words of a vocabulary.
    func there(_ document: JSONValue) -> JSONValue { document.mapTexts(sparing: Self.vocabularies, there) }

    /// Members of answers that hold a word of a closed list, whatever the system calls its parts.
    private static let vocabularies: Set<String> = [
        "kind", "kinds", "by", "status", "state", "states", "level", "novelty", "mechanism", "action", "actions",
        "runbook",
    ]
}
