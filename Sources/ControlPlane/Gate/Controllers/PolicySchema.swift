import OpsModel

/// What the policies' routes take, for their description; the rules of reading are the model's own.
enum PolicySchema {
    /// Bytes of a body.
    static let largest = 65_536

    static let draft: JSONValue = object(members, required: ["name", "rule_definition"])
    static let change: JSONValue = object(members, required: [])
    static let facts: JSONValue = [
        "type": "object", "required": ["action"], "additionalProperties": ["type": "object"],
        "properties": ["action": ["type": "object", "required": ["type"]]],
    ]

    private static let members: [String: JSONValue] = [
        "name": ["type": "string", "minLength": 1, "maxLength": .int(PolicyDraft.longestName)],
        "description": ["type": "string", "maxLength": .int(PolicyDraft.longestDescription)],
        "status": words(PolicyStatus.allCases.map(\.rawValue)),
        "rule_definition": rule,
    ]

    private static let rule = object(
        [
            "type": words([PolicyRule.type]),
            "conditions": [
                "type": "array", "minItems": 1, "maxItems": .int(PolicyRule.mostConditions), "items": condition,
            ],
            "action": words(PolicyAction.allCases.map(\.rawValue)),
            "approval_required_from": [
                "type": "array", "minItems": 1, "maxItems": .int(PolicyRule.mostValues),
                "items": ["type": "string", "pattern": "^(person|role):[A-Za-z0-9_.-]{1,64}$"],
            ],
            "timeout_minutes": [
                "type": "integer", "minimum": .int(PolicyRule.timeouts.lowerBound),
                "maximum": .int(PolicyRule.timeouts.upperBound),
            ],
            "quorum": [
                "type": "integer", "minimum": .int(PolicyRule.quorums.lowerBound),
                "maximum": .int(PolicyRule.quorums.upperBound),
            ],
            "four_eyes": ["type": "boolean"],
        ],
        required: ["conditions", "action"]
    )

    private static let condition = object(
        [
            "field": ["type": "string"], "operator": words(PolicyOperator.allCases.map(\.rawValue)), "value": [:],
        ],
        required: ["field", "operator", "value"]
    )

    private static func words(_ words: [String]) -> JSONValue {
        ["type": "string", "enum": .array(words.map { .string($0) })]
    }

    private static func object(_ members: [String: JSONValue], required: [String]) -> JSONValue {
        [
            "type": "object", "additionalProperties": false, "properties": .object(members),
            "required": .array(required.map { .string($0) }),
        ]
    }
}
