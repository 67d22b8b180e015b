public import OpsHTTP
internal import OpsModel
internal import OpsSpec

/// Lets the referee, and nobody who is judged, set what is kept from whoever asks.
public struct HandicapRoutes: Sendable {
    private let path: String
    private let desk: HandicapDesk

    /// The routes at a path such as `/handicap`.
    public init(at path: String, desk: HandicapDesk) {
        self.path = path
        self.desk = desk
    }

    private static let longestS = 3_600.0
    private static let latestS = 60.0

    /// Adds them.
    public func install(in router: inout Router) {
        let desk = desk
        router.get(path, summary: "What is kept back now.", access: .scope("referee")) { _ in
            .json(desk.current() ?? Handicap(leaseS: 0))
        }
        router.put(
            path,
            summary: "Keeps something back for a limited time, in the place of what was kept back before.",
            access: .scope("referee"),
            request: Self.schema
        ) { request in
            let handicap = try request.json(Handicap.self)
            try Self.check(handicap)
            desk.set(handicap)
            return .json(desk.current() ?? Handicap(leaseS: 0))
        }
    }

    private static func check(_ handicap: Handicap) throws {
        guard handicap.leaseS > 0, handicap.leaseS <= longestS else {
            throw HTTPError.unprocessable(
                "'lease_s' is more than 0 and at most \(Int(longestS)).",
                code: "bad_lease",
                hint: "What is kept back ends by itself."
            )
        }
        guard (0...latestS).contains(handicap.telemetryDelayS) else {
            throw HTTPError.unprocessable(
                "'telemetry_delay_s' is at least 0 and at most \(Int(latestS)).",
                code: "bad_delay",
                hint: "Older samples are not kept."
            )
        }
        let families = ReadVocabulary.families
        if let unknown = handicap.withheldReads.first(where: { !families.contains($0) }) {
            throw HTTPError.unprocessable(
                "There are no reads '\(unknown.prefix(64))'.",
                code: "unknown_reads",
                hint: "One of \(families.sorted().joined(separator: ", "))."
            )
        }
        guard handicap.withheldRunbooks.count <= 100 else {
            throw HTTPError.unprocessable(
                "100 runbooks at most can be named.",
                code: "too_many_runbooks",
                hint: "'*' is all of them."
            )
        }
    }

    private static let schema: JSONValue = [
        "type": "object",
        "properties": [
            "withheld_reads": ["type": "array", "items": ["type": "string"]],
            "withheld_runbooks": ["type": "array", "maxItems": 100, "items": ["type": "string"]],
            "has_stale_runbooks": ["type": "boolean"],
            "telemetry_delay_s": ["type": "number", "minimum": 0, "maximum": 60],
            "plant_seed": ["type": "integer"],
            "rename_seed": ["type": "integer"],
            "memory_before": ["type": "string", "format": "date-time"],
            "lease_s": ["type": "number", "exclusiveMinimum": 0, "maximum": 3_600],
        ],
    ]
}
