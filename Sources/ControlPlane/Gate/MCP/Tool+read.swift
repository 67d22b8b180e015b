import OpsModel
import OpsSpec

extension Tool {
    /// The reads of the vocabulary, and the two over runbooks.
    static let read = Tool(
        name: .read,
        title: "Ask about the running system",
        about: """
            Asks 1 to 64 reads; answers come in their order. Each answer has a name (ev-…): cite it as evidence. Its status \
            is ok, unknown (no sample yet) or unsupported (never here). What there is, with the kinds of component it is \
            asked about:
            \(ReadVocabulary.all.map(line).joined(separator: "\n"))
            runbook.search: passages that fit parameters.q, with parameters.limit of 1 to 20
            runbook.get: the runbook parameters.id as a whole
            """,
        input: ToolSchema.object(
            [
                "reads": [
                    "type": "array", "minItems": 1, "maxItems": 64, "description": "questions of one round trip",
                    "items": question,
                ]
            ],
            required: ["reads"]
        )
    )

    private static let question = ToolSchema.object(
        [
            "read": ToolSchema.word(
                ReadVocabulary.all.map(\.name) + ["runbook.search", "runbook.get"],
                "what is asked"
            ),
            "component": ToolSchema.text("a component of the incident's view; left out where no kinds are given"),
            "instance": ToolSchema.text("one of its instances; all of them when left out"),
            "selector": ToolSchema.texts(
                "words that narrow the answer: a journey, an owner and a state, a caller, a code"
            ),
            "parameters": ["type": "object", "description": "q and limit of runbook.search, id of runbook.get"],
        ],
        required: ["read"]
    )

    private static func line(_ read: Read) -> String {
        let kinds = read.kinds.map(\.rawValue).sorted().joined(separator: " ")
        return kinds.isEmpty ? "\(read.name): \(read.about)" : "\(read.name) (\(kinds)): \(read.about)"
    }
}
