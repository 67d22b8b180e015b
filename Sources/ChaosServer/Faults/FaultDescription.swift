import OpsModel

/// One entry of the catalogue.
struct FaultDescription: Sendable {
    var kind: FaultKind
    /// The route that starts it.
    var path: String
    var title: String
    var persistence: FaultClass
    /// Kinds of component that it can break.
    var targets: [String]
    var parameters: [Parameter]
    /// What ends it by right before its lease is over.
    var yieldsTo: [String]
    /// The unit of requested and achieved intensity.
    var unit: String

    /// The entry as the catalogue shows it.
    var json: JSONValue {
        [
            "fault": .string(self.kind.rawValue), "path": .string(self.path), "title": .string(self.title),
            "class": .string(self.persistence.rawValue), "targets": .array(self.targets.map { .string($0) }),
            "parameters": self.schema, "yields_to": .array(self.yieldsTo.map { .string($0) }),
            "unit": .string(self.unit),
        ]
    }

    /// JSON Schema of `with`.
    var schema: JSONValue {
        let properties = Dictionary(self.parameters.map { ($0.name, $0.schema) }) { first, _ in first }
        return ["type": "object", "additionalProperties": false, "properties": .object(properties)]
    }
}
