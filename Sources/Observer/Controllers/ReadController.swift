internal import OpsHTTP
internal import OpsModel
internal import OpsService

/// Answers questions about the target.
struct ReadController: Sendable {
    let map: TargetMap
    let store: WorldStore
    let metrics: ObserverMetrics
    let handicaps: HandicapDesk

    /// Questions in one request at most.
    private static let limit = 64

    func install(in router: inout Router) {
        router.post(
            "/reads",
            summary: "Answers questions of the closed vocabulary, each with unit and age.",
            access: .scope("reads"),
            request: Self.requestSchema
        ) { request in try answer(request) }
        router.get("/reads", summary: "The vocabulary of questions.", access: .scope("reads")) { _ in
            .json(ReadName.allCases.map(\.rawValue))
        }
    }

    private func answer(_ request: HTTPRequest) throws -> HTTPResponse {
        let questions = try request.json(ReadRequest.self).reads
        guard questions.count <= Self.limit else {
            throw HTTPError.unprocessable(
                "A request may ask \(Self.limit) questions; this one asks \(questions.count).",
                code: "too_many_reads",
                hint: "Send several requests."
            )
        }
        let evaluator = ReadEvaluator(map: map, world: store.snapshot, now: .now())
        let withheld = handicaps.current()?.withheldReads ?? []
        let answers = questions.map { question in
            guard let family = ReadName(rawValue: question.read)?.family, withheld.contains(family) else {
                return evaluator.answer(question)
            }
            return evaluator.unsupported(question, "nobody measures this here")
        }
        for answer in answers {
            let name = ReadName(rawValue: answer.read)?.rawValue ?? "other"
            metrics.reads.add(1, [name, answer.status.rawValue])
        }
        return .json(ReadReply(answers: answers))
    }

    private static let requestSchema: JSONValue = [
        "type": "object", "required": ["reads"],
        "properties": [
            "reads": [
                "type": "array", "maxItems": 64,
                "items": [
                    "type": "object", "required": ["read"],
                    "properties": [
                        "read": ["type": "string"], "component": ["type": "string"], "instance": ["type": "string"],
                        "selector": ["type": "array", "items": ["type": "string"]], "parameters": ["type": "object"],
                    ],
                ],
            ]
        ],
    ]
}
