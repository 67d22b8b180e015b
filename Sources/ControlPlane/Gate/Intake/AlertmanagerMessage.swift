import OpsModel

/// The body of an Alertmanager webhook, version 4, as far as the gate reads it.
///
/// Whatever stands in labels and annotations was written by whoever wrote rules or exports metrics, and is only told on.
struct AlertmanagerMessage: Decodable, Sendable {
    struct Alert: Decodable, Sendable {
        var status: PageStatus
        var labels: [String: String]
        var annotations: [String: String]
        var startsAt: Timestamp
        var endsAt: Timestamp?
        var fingerprint: String
    }

    var version: String
    var alerts: [Alert]

    /// Alerts in one message; an Alertmanager is told the same number as `max_alerts`.
    static let limit = 100

    /// What `/openapi.json` says of it.
    static let schema: JSONValue = [
        "type": "object",
        "required": ["version", "alerts"],
        "properties": [
            "version": ["type": "string", "enum": ["4"]],
            "alerts": [
                "type": "array", "maxItems": .int(limit),
                "items": [
                    "type": "object",
                    "required": ["status", "labels", "annotations", "startsAt", "fingerprint"],
                    "properties": [
                        "status": ["type": "string", "enum": ["firing", "resolved"]],
                        "labels": [
                            "type": "object", "additionalProperties": ["type": "string"],
                            "description": "alertname, journey, component and severity are read",
                        ],
                        "annotations": [
                            "type": "object", "additionalProperties": ["type": "string"],
                            "description": "summary, good_ratio, objective and burn are read",
                        ],
                        "startsAt": ["type": "string", "format": "date-time"],
                        "endsAt": ["type": "string", "format": "date-time"],
                        "fingerprint": ["type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,64}$"],
                    ],
                ],
            ],
        ],
    ]
}
