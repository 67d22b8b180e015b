import OpsModel
import OpsPostgres
import OpsRuntime

/// Puts one job aside that its workers fail at, so that those behind it are done.
///
/// Which job that is settles the plan: id, kind, content and the moment it was made. One statement moves exactly that job, and
/// nothing is restarted: whoever gave up because of it comes back by itself. A job that was tried once is refused; nothing
/// says that it is to blame.
struct QuarantineJob: RemediationAction {
    /// Fewer tries say nothing about a job.
    static let leastAttempts = 2

    let queue: Target.Queue
    private let desk: DatabaseDesk

    init(_ queue: Target.Queue, _ database: Target.Database) {
        self.queue = queue
        desk = DatabaseDesk(configuration: database.administration)
    }

    var description: ActionDescription {
        ActionDescription(
            name: "quarantine-job",
            version: 1,
            title: "Put one job aside that its workers fail at",
            parameters: schema.json,
            kinds: ["worker"],
            risk: "low",
            downtimeS: 0,
            undo: "the job is put back into the queue",
            isReversible: true
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(
                name: "id",
                kind: .integer(1...9_007_199_254_740_991),
                summary: "the job, by its number in the queue",
                isRequired: true
            ),
            .init(name: "component", kind: .word([queue.component]), summary: "whose queue it is in"),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let id = parameters["id"]?.intValue ?? 0
        let row = try await desk.query(queue.tables.readOne, [.int(id)]).first
        let job = row.map { JobFacts(id: id, $0) }
        let attempts = row?.optionalInt("attempts") ?? 0
        return PreparedAction(
            of: description,
            facts: ["component": .string(queue.component), "job": job?.fact ?? .null],
            diff: job.map {
                [
                    "- \(queue.tables.queue): \($0.label), tried \(attempts) times",
                    "+ \(queue.tables.quarantine): \($0.label)",
                ]
            } ?? [],
            blastRadius: "what this job was to do is not done until somebody looks at it; no other job is touched",
            claims: [.job(id, of: queue.component): nil],
            steps: job.map { [ActionStep("put-aside", queue.component, before: $0.fact)] } ?? [],
            refusals: refusals(id, job, attempts)
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard let job = JobFacts(step.before) else { throw ActionError(.factsDrifted, "the plan names no job") }
        let reason = "put aside by \(intent.run)"
        let moved = try await desk.query(queue.tables.putAside, job.parameters + [.text(reason)])
        guard moved.count == 1 else {
            throw ActionError(.factsDrifted, "job \(job.id) is not in the queue any more as it was")
        }
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        guard let job = JobFacts(step.before) else { return .other("the plan names no job") }
        if let row = try await desk.query(queue.tables.readOne, [.int(job.id)]).first {
            return JobFacts(id: job.id, row) == job ? .before : .other("another job has that number")
        }
        let aside = try await desk.query(queue.tables.readAside, [.int(job.id)]).first
        guard let aside else { return .other("the job is neither in the queue nor put aside") }
        return JobFacts(id: job.id, aside) == job ? .after : .other("another job with that number was put aside")
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        ["job": intent.steps.first?.before["id"] ?? .null]
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        for step in intent.steps.prefix(index + 1) {
            guard try await state(of: step, in: intent) == .after, let job = JobFacts(step.before) else { continue }
            _ = try await desk.query(queue.tables.takeBack, job.parameters)
        }
    }

    private func refusals(_ id: Int, _ job: JobFacts?, _ attempts: Int) -> [String] {
        guard job != nil else { return ["there is no job \(id) in the queue of \(queue.component)"] }
        guard attempts < Self.leastAttempts else { return [] }
        return ["job \(id) was tried \(attempts) times, which says nothing against it"]
    }
}

/// What makes a job this very one.
private struct JobFacts: Hashable {
    var id: Int
    var kind: String
    var payload: String
    var createdAt: String

    init(id: Int, _ row: PostgresRow) {
        self.id = id
        kind = row["kind"] ?? ""
        payload = row["payload"] ?? ""
        createdAt = row["created_at"] ?? ""
    }

    init?(_ fact: JSONValue) {
        guard let id = fact["id"]?.intValue, let kind = fact["kind"]?.stringValue,
            let payload = fact["payload"]?.stringValue, let createdAt = fact["created_at"]?.stringValue
        else { return nil }
        (self.id, self.kind, self.payload, self.createdAt) = (id, kind, payload, createdAt)
    }

    var fact: JSONValue {
        [
            "id": .int(id), "kind": .string(kind), "payload": .string(payload), "created_at": .string(createdAt),
        ]
    }

    /// As the statements take them.
    var parameters: [PostgresValue] { [.int(id), .text(kind), .text(payload), .text(createdAt)] }

    /// A line for people.
    var label: String { "job \(id), \(kind) of \(payload), since \(createdAt)" }
}
