internal import OpsModel
internal import OpsSpec

/// Turns an action of a runbook into steps of a proposal: roles become names, and the schema of the catalogue decides which
/// parameters are sent.
struct StepBuilder: Sendable {
    let actions: [ActionDescription]
    let hypothesis: AssessedHypothesis
    let board: EvidenceBoard

    private var neighbourhood: Neighbourhood { hypothesis.binding.neighbourhood }

    /// The steps, or why there are none.
    enum Outcome {
        case steps([ProposedStep])
        case impossible(String)
    }

    /// Steps for one action; several when several instances are affected.
    func steps(for action: Runbook.RepairAction) -> Outcome {
        guard let description = actions.first(where: { $0.name == action.action }) else {
            return .impossible("\(action.action) is not among the actions of this system")
        }
        let schema = Schema(description.parameters)
        let instances = self.instances(action, schema)
        if instances.isEmpty {
            return .impossible("no instance of \(hypothesis.component) stands out, so none is chosen")
        }
        let expect = action.thenExpect.map { hypothesis.binding.runbook.expanded($0).description }
        var steps: [ProposedStep] = []
        for instance in instances {
            let parameters = self.parameters(action, schema, instance: instance)
            let wrong = schema.missing(parameters) + schema.refused(parameters)
            guard wrong.isEmpty else {
                return .impossible("\(action.action) cannot be used here: \(wrong.joined(separator: ", "))")
            }
            steps.append(ProposedStep(action: action.action, parameters: parameters, expect: expect))
        }
        return .steps(steps)
    }

    /// One entry per step; a single nil when the action is not about instances.
    private func instances(_ action: Runbook.RepairAction, _ schema: Schema) -> [String?] {
        guard let word = action.with["instance"]?.stringValue, schema.has("instance") else { return [nil] }
        let roles = ["failing", "fullest", "slowest", "worst"]
        guard roles.contains(word) else { return [word] }
        return hypothesis.instances.map(Optional.some)
    }

    private func parameters(
        _ action: Runbook.RepairAction,
        _ schema: Schema,
        instance: String?
    ) -> [String: JSONValue] {
        var parameters: [String: JSONValue] = [:]
        for (key, value) in action.with where schema.has(key) { parameters[key] = resolve(value, key) }
        if schema.has("component"), schema.takes(hypothesis.component, for: "component") {
            parameters["component"] = .string(hypothesis.component)
        }
        if let instance { parameters["instance"] = .string(instance) }
        if schema.has("to"), parameters["to"] == nil, let other = alternative("fallback") {
            parameters["to"] = .string(other)
        }
        for key in ["config", "file"] where schema.has(key) && parameters[key] == nil {
            if let config = configuration, schema.takes(config, for: key) { parameters[key] = .string(config) }
        }
        return parameters
    }

    private func resolve(_ value: JSONValue, _ key: String) -> JSONValue {
        if let word = value.stringValue {
            if ["caller", "callers"].contains(word) { return .string(hypothesis.component) }
            if key == "to", let name = alternative(word) { return .string(name) }
        }
        guard let reference = Assessor.reference(value) else { return value }
        switch BoundResolver(binding: hypothesis.binding, board: board).value(of: reference) {
        case .word(let word): return .string(word)
        case .flag(let flag): return .bool(flag)
        case .number(let number, _): return number == number.rounded() ? .int(Int(number)) : .double(number)
        default: return value
        }
    }

    private func alternative(_ role: String) -> String? {
        neighbourhood.alternative(role, of: hypothesis.binding.component.name)
    }

    /// The configuration of the component, or of those that call it.
    private var configuration: String? {
        let own = hypothesis.binding.component
        return own.config ?? neighbourhood.callers(of: own.name).compactMap(\.config).first
    }
}

/// The part of JSON Schema that the catalogue uses.
struct Schema: Sendable {
    private let properties: [String: JSONValue]
    private let required: [String]

    init(_ schema: JSONValue) {
        properties = schema["properties"]?.objectValue ?? [:]
        required = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    func has(_ name: String) -> Bool { properties[name] != nil }

    /// True when the value is among the words that the property allows, or the property allows any.
    func takes(_ value: String, for name: String) -> Bool {
        guard let words = properties[name]?["enum"]?.arrayValue else { return true }
        return words.contains(.string(value))
    }

    func missing(_ parameters: [String: JSONValue]) -> [String] {
        required.filter { parameters[$0] == nil }.map { "\($0) is needed" }
    }

    func refused(_ parameters: [String: JSONValue]) -> [String] {
        parameters.keys.sorted().filter { key in
            guard let word = parameters[key]?.stringValue else { return false }
            return !takes(word, for: key) || properties[key]?["type"] == "boolean"
        }.map { "\($0) cannot be \(parameters[$0]?.stringValue ?? "that")" }
    }
}
