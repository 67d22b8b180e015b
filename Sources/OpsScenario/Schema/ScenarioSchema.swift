public import OpsModel
internal import OpsSpec

/// The scenario language as a JSON Schema (draft 2020-12), made from the same vocabularies that the reader checks with.
///
/// It is for editors: what a schema cannot say, such as that a role is one that the file names, `scenario lint` says.
public enum ScenarioSchema {
    /// The schema of a whole file.
    public static let json: JSONValue = strict(
        [
            "scenario": ["const": 1],
            "id": described("its name; never shown to whoever is judged", text("^[a-z0-9-]+$")),
            "about": described("one sentence for people", ["type": "string"]),
            "family": described("scenarios that open with the same page", ["type": "string"]),
            "difficulty": described("how hard the decoys make it", words(Difficulty.allCases.map(\.rawValue))),
            "needs": described("roles, bound by kind", each(words(ComponentKind.allCases.map(\.rawValue)))),
            "steady": strict(["hold": duration]),
            "given": described(
                "flags that somebody has turned on before this begins",
                strict(["flags": list(["type": "string"])])
            ),
            "draw": described("what the seed decides; used as $name", each(draw)),
            "inject": list(injection),
            "decoys": list(strict(["at": moment, "kind": decoy], required: ["at", "kind"])),
            "withhold": described(
                "what is kept from whoever is judged",
                strict(["runbooks": list(["type": "string"]), "reads": list(words(ReadVocabulary.families.sorted()))])
            ),
            "expect": expectation,
            "judge": judgement,
            "proof": described("known behaviours, each with the only right verdict", list(proof)),
            "approvers": list(words(Scenario.approverWords)),
        ],
        required: ["scenario", "id", "about", "family", "needs", "expect", "judge", "proof"],
        beside: [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "A scenario of the lab",
        ]
    )

    private static let duration = text("^[0-9]+(\\.[0-9]+)?(ms|s|m|h)$")
    private static let moment = text("^(\\$[A-Za-z_][A-Za-z0-9_-]*( [+-] [0-9.]+(ms|s|m|h))?|[0-9.]+(ms|s|m|h))$")
    private static let drawn = text("^\\$")
    private static let decoy: JSONValue = ["anyOf": [words(DecoyKind.allCases.map(\.rawValue)), drawn]]
    private static let action = words(ActionVocabulary.names)

    private static let draw: JSONValue = [
        "anyOf": [
            ["type": "array", "minItems": 1, "items": ["type": ["string", "number", "boolean"]]],
            text("^[^.]+(\\.[0-9]+)?[^.]*\\.\\.[^.]+"),
        ]
    ]

    private static let injection: JSONValue = strict(
        [
            "at": moment, "fault": words(FaultVocabulary.names), "target": described("a role", ["type": "string"]),
            "instance": ["type": ["string", "integer"]],
            "with": described("parameters of the fault", ["type": "object"]),
            "for": described("how long it lasts where it ends by itself", moment),
            "lease": described("longer than budget and window together", duration),
        ],
        required: ["at", "fault", "target", "lease"]
    )

    private static let cause = strict(
        [
            "component": described("a role", ["type": "string"]),
            "mechanism": words(Mechanism.allCases.map(\.rawValue)),
        ],
        required: ["component", "mechanism"]
    )

    private static let expectation = strict(
        [
            "page": strict(["journey": ["type": "string"]], required: ["journey"]), "cause": cause,
            "also_right": list(cause), "end": words(Scenario.End.allCases.map(\.rawValue)),
            "repairs": described("honest repairs, any one of which is enough", list(list(repairStep))),
            "needless": list(action),
        ],
        required: ["end"]
    )

    private static let repairStep: JSONValue = [
        "type": "object", "properties": ["action": action], "required": ["action"],
        "additionalProperties": ["type": ["string", "number", "boolean"]],
    ]

    private static let judgement = strict(
        [
            "budget": duration, "window": duration,
            "replay": strict(["run": ["type": "string"], "times": count(from: 1, to: 10)], required: ["run"]),
            "envelope": strict([
                "sessions_ended": count(from: 0, to: 10_000), "downtime": duration,
                "orders_lost": count(from: 0, to: 10_000), "charged_twice": count(from: 0, to: 10_000),
            ]),
        ],
        required: ["budget", "window"]
    )

    private static let proof = strict(
        [
            "do": list([
                "type": "object", "minProperties": 1, "maxProperties": 1,
                "propertyNames": words(ActionVocabulary.names + [Scenario.ProofStep.escalate]),
                "additionalProperties": ["type": ["string", "number"]],
            ]),
            "say": cause, "verdict": words(Verdict.allCases.map(\.rawValue)),
        ],
        required: ["verdict"]
    )

    private static func strict(
        _ properties: [String: JSONValue],
        required: [String] = [],
        beside others: [String: JSONValue] = [:]
    ) -> JSONValue {
        var schema = others
        schema["type"] = "object"
        schema["properties"] = .object(properties)
        schema["additionalProperties"] = false
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        return .object(schema)
    }

    private static func described(_ words: String, _ schema: JSONValue) -> JSONValue {
        var members = schema.objectValue ?? [:]
        members["description"] = .string(words)
        return .object(members)
    }

    private static func words(_ words: [String]) -> JSONValue { ["enum": .array(words.map(JSONValue.string))] }

    private static func text(_ pattern: String) -> JSONValue { ["type": "string", "pattern": .string(pattern)] }

    private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    /// Names of the file's own choosing.
    private static func each(_ value: JSONValue) -> JSONValue { ["type": "object", "additionalProperties": value] }

    private static func count(from low: Int, to high: Int) -> JSONValue {
        ["type": "integer", "minimum": .int(low), "maximum": .int(high)]
    }
}
