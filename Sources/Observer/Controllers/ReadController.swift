internal import OpsHTTP
internal import OpsModel
internal import OpsRuntime
internal import OpsService
internal import OpsSpec

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
        let answers = answers(to: questions, under: handicaps.current(), at: .now())
        for answer in answers {
            let name = ReadName(rawValue: answer.read)?.rawValue ?? "other"
            metrics.reads.add(1, [name, answer.status.rawValue])
        }
        return .json(ReadReply(answers: answers))
    }

    /// What is late is told as it was then, and says how old it is by now.
    private func answers(to questions: [ReadQuery], under handicap: Handicap?, at now: Timestamp) -> [ReadAnswer] {
        let known = store.known(at: now)
        let evaluator = ReadEvaluator(map: map, world: known.world, now: known.asOf)
        let withheld = handicap?.withheldReads ?? []
        let planting = handicap?.plantSeed.map(Planting.init)
        return questions.map { question in
            if let family = ReadName(rawValue: question.read)?.family, withheld.contains(family) {
                return evaluator.unsupported(question, "nobody measures this here")
            }
            var answer = evaluator.answer(question)
            answer.ageS = answer.ageS.map { evaluator.rounded($0 + (now - known.asOf)) }
            return planting?.planted(in: answer) ?? answer
        }
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
