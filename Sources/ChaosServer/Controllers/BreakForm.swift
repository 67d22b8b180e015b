import OpsModel

/// The members of `POST /break/...`, as JSON and as a form.
///
/// A form is flat and knows only text: a parameter is the member `with.NAME`, a role `roles.NAME`, and what text means follows
/// from the type of its member. Python writes truth as `True`, so capitals do not count there.
struct BreakForm: Sendable {
    static let members: Set<String> = [
        "id", "target", "instance", "roles", "with", "lease_s", "run", "alias_seed", "open", "dry_run",
    ]

    private let kinds: [String: Parameter.Kind]

    init(_ description: FaultDescription) {
        self.kinds = Dictionary(description.parameters.map { ($0.name, $0.kind) }) { first, _ in first }
    }

    /// The JSON document that says the same; names and values are not checked beyond their types.
    func document(_ form: [String: String]) throws(ChaosError) -> JSONValue {
        var document: [String: JSONValue] = [:]
        var with: [String: JSONValue] = [:]
        var roles: [String: JSONValue] = [:]
        for (name, text) in form.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "with", "roles":
                throw ChaosError(
                    .badParameter,
                    "\(name): a form has no members within members",
                    hint: "write \(name).NAME=VALUE, or send Content-Type: application/json"
                )
            case "lease_s", "alias_seed": document[name] = try Self.number(text, of: name)
            case "open", "dry_run": document[name] = .bool(try Self.flag(text, of: name))
            default:
                if name.hasPrefix("with.") {
                    let parameter = String(name.dropFirst("with.".count))
                    with[parameter] = try self.value(text, of: parameter)
                } else if name.hasPrefix("roles.") {
                    roles[String(name.dropFirst("roles.".count))] = .string(text)
                } else {
                    document[name] = .string(text)
                }
            }
        }
        if !with.isEmpty { document["with"] = .object(with) }
        if !roles.isEmpty { document["roles"] = .object(roles) }
        return .object(document)
    }

    private func value(_ text: String, of parameter: String) throws(ChaosError) -> JSONValue {
        switch self.kinds[parameter] {
        case .number: return try Self.number(text, of: "with.\(parameter)")
        case .flag: return .bool(try Self.flag(text, of: "with.\(parameter)"))
        case .choice, .name, nil: return .string(text)
        }
    }

    private static func flag(_ text: String, of member: String) throws(ChaosError) -> Bool {
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default: throw ChaosError(.badParameter, "\(member): expected true or false")
        }
    }

    private static func number(_ text: String, of member: String) throws(ChaosError) -> JSONValue {
        if let whole = Int(text) { return .int(whole) }
        guard let number = Double(text), number.isFinite else {
            throw ChaosError(.badParameter, "\(member): expected a number")
        }
        return .double(number)
    }
}

extension BreakForm {
    private static let own: [String: JSONValue] = [
        "id": [
            "type": "string", "pattern": "^[A-Za-z0-9]{8,32}$",
            "description": "its name, when the caller wants to know it",
        ],
        "target": ["type": "string", "description": "the component to break"],
        "instance": ["type": "string", "description": "one instance or provider of it"],
        "lease_s": ["type": "number", "minimum": .double(Admission.shortestS)],
        "run": ["type": "string", "description": "what it is part of; GET /faults?run= finds it by this"],
        "open": ["type": "boolean", "description": "everybody may be told of it; not for whoever scores runs"],
        "dry_run": ["type": "boolean", "description": "only say what would be done"],
        "alias_seed": ["type": "integer", "description": "the catalogue's names are exchanged by this"],
    ]

    /// JSON Schema of the body as JSON.
    static func schema(of description: FaultDescription) -> JSONValue {
        let roles: JSONValue = ["type": "object", "additionalProperties": ["type": "string"]]
        let nested = ["roles": roles, "with": description.schema]
        return self.object(self.own.merging(nested) { own, _ in own })
    }

    /// JSON Schema of the body as a form.
    static func formSchema(of description: FaultDescription) -> JSONValue {
        let parameters = description.parameters.map { ("with.\($0.name)", $0.schema) }
        guard case .object(var schema) = self.object(self.own.merging(parameters) { own, _ in own }) else { return [:] }
        schema["patternProperties"] = ["^roles\\.": ["type": "string"]]
        return .object(schema)
    }

    private static func object(_ properties: [String: JSONValue]) -> JSONValue {
        [
            "type": "object", "additionalProperties": false, "required": ["target", "lease_s"],
            "properties": .object(properties),
        ]
    }
}
