import OpsHTTP
import OpsModel

/// `/monkey`.
struct MonkeyController: Sendable {
    let monkey: Monkey
    let latch: LatchFile

    func install(in router: inout Router) {
        router.get("/monkey", summary: "The monkey that runs, or the last one that did.", access: Self.scope) {
            [monkey] _ in .json(await monkey.status())
        }
        router.get("/monkey/plans/{id}", summary: "One plan with all its entries.", access: Self.scope) {
            [monkey] request in .json(try await monkey.plan(try request.parameter("id")))
        }
        router.post(
            "/monkey",
            summary: "Draws a plan of faults from a seed, or takes one that was drawn, and carries it out.",
            access: Self.scope,
            request: Self.schema,
            successStatus: 201
        ) {
            [self] request in
            let order = try Self.order(request)
            let actor = request.principal?.name ?? "operator"
            let status = try await self.monkey.start(order, by: actor, latch: self.latch.read())
            return .json(status, status: 201, message: "started")
        }
        router.delete("/monkey", summary: "Stops it, and takes back what it has open.", access: Self.scope) {
            [monkey] request in
            .json(try await monkey.stop(by: request.principal?.name ?? "operator"), message: "stopped")
        }
    }

    private static let scope = FaultController.scope

    private static func order(_ request: HTTPRequest) throws -> MonkeyRequest {
        let document = try StrictBody.read(request, limit: ScheduleController.bodyLimit)
        try StrictBody.check(document, ["seed", "order", "until", "replay"])
        let order = document["order"]
        try StrictBody.check(
            order,
            ["for_s", "faults", "targets", "budget", "gap", "lease_least_s", "lease_most_s", "hours", "abort"],
            in: "order"
        )
        try StrictBody.check(order?["budget"], ["faults", "at_once", "fault_s_per_hour"], in: "budget")
        try StrictBody.check(order?["gap"], ["distribution", "mean_s", "least_s", "most_s"], in: "gap")
        try StrictBody.check(order?["hours"], ["window", "time_zone"], in: "hours")
        try StrictBody.check(order?["hours"]?["window"], ["days", "from", "to"], in: "hours.window")
        try StrictBody.check(order?["abort"], ["broken_s", "faults_over"], in: "abort")
        return try request.json(MonkeyRequest.self)
    }

    private static let schema: JSONValue = [
        "type": "object", "additionalProperties": false,
        "properties": [
            "seed": ["type": "integer", "minimum": 0],
            "order": .object(["type": "object", "additionalProperties": false, "properties": orderProperties]),
            "until": ["type": "string", "format": "date-time", "description": "instead of order.for_s"],
            "replay": ["type": "string", "description": "a kept plan; without seed and order"],
        ],
    ]

    private static let orderProperties: JSONValue = [
        "for_s": ["type": "number"],
        "faults": ["type": "array", "items": ["type": "string"]],
        "targets": ["type": "array", "items": ["type": "string"]],
        "budget": ["type": "object", "description": "faults, at_once, fault_s_per_hour"],
        "gap": ["type": "object", "description": "distribution, mean_s, least_s, most_s"],
        "lease_least_s": ["type": "number"], "lease_most_s": ["type": "number"],
        "hours": [
            "type": "object", "properties": ["window": ScheduleController.window, "time_zone": ["type": "string"]],
        ],
        "abort": ScheduleController.abort,
    ]
}
