import OpsHTTP
import OpsModel

/// `/schedules`.
struct ScheduleController: Sendable {
    /// The longest body.
    static let bodyLimit = 16_384

    let book: ScheduleBook

    func install(in router: inout Router) {
        router.get("/schedules", summary: "The schedules, and what became of their due times.", access: Self.scope) {
            [book] _ in .json(await book.list())
        }
        router.get("/schedules/{name}", summary: "One schedule.", access: Self.scope) { [book] request in
            .json(try await book.status(try request.parameter("name")))
        }
        router.post(
            "/schedules",
            summary: "Lets a fault begin at the times of a cron expression.",
            access: Self.scope,
            request: Self.schema,
            successStatus: 201
        ) {
            [book] request in
            let schedule = try Self.schedule(request)
            let status = try await book.add(schedule, by: request.principal?.name ?? "operator")
            return .json(status, status: 201, message: "scheduled")
        }
        router.delete(
            "/schedules/{name}",
            summary: "Forgets a schedule, and takes its fault back.",
            access: Self.scope
        ) { [book] request in
            .json(try await book.remove(try request.parameter("name")), message: "removed")
        }
    }

    private static let scope = FaultController.scope

    private static func schedule(_ request: HTTPRequest) throws -> FaultSchedule {
        let document = try StrictBody.read(request, limit: self.bodyLimit)
        try StrictBody.check(
            document,
            ["name", "cron", "time_zone", "fault", "request", "late_tolerance_s", "blackouts", "abort"]
        )
        try StrictBody.check(document["request"], ["target", "instance", "roles", "with", "lease_s"], in: "request")
        try StrictBody.check(document["abort"], ["broken_s", "faults_over"], in: "abort")
        for window in document["blackouts"]?.arrayValue ?? [] {
            try StrictBody.check(window, ["days", "from", "to"], in: "blackouts")
        }
        return try request.json(FaultSchedule.self)
    }

    static let window: JSONValue = [
        "type": "object", "additionalProperties": false, "required": ["from", "to"],
        "properties": [
            "days": ["type": "array", "items": ["enum": .array(Weekday.allCases.map { .string($0.rawValue) })]],
            "from": ["type": "string", "description": "HH:MM"],
            "to": ["type": "string", "description": "HH:MM; before from: on the next day"],
        ],
    ]

    static let abort: JSONValue = [
        "type": "object", "additionalProperties": false,
        "properties": [
            "broken_s": ["type": "number", "description": "seconds on end for which a journey broke its objective"],
            "faults_over": ["type": "integer", "description": "more open faults than this, anybody's"],
        ],
    ]

    private static let schema: JSONValue = [
        "type": "object", "additionalProperties": false, "required": ["name", "cron", "fault", "request"],
        "properties": [
            "name": ["type": "string"],
            "cron": ["type": "string", "description": "minute, hour, day of month, month, day of week"],
            "time_zone": ["type": "string", "default": "UTC"],
            "fault": ["type": "string", "description": "a name of the catalogue"],
            "request": ["type": "object", "description": "target, instance, roles, with, lease_s"],
            "late_tolerance_s": ["type": "number", "default": 60],
            "blackouts": ["type": "array", "items": window],
            "abort": abort,
        ],
    ]
}
