internal import OpsModel
internal import OpsSpec
internal import OpsYAML

/// The roles and draws that the values of a scenario may name.
struct ScenarioScope {
    /// Kinds of component by role.
    let roles: [String: ComponentKind]
    let draws: [String: DrawRule]

    init(_ scenario: Scenario) {
        roles = Dictionary(scenario.roles.map { ($0.name, $0.kind) }) { first, _ in first }
        draws = Dictionary(scenario.draws.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The name behind the `$` of a text; nil for a text that uses no draw.
    static func drawName(_ text: String) -> String? {
        guard text.hasPrefix("$") else { return nil }
        return String(text.dropFirst().prefix { !$0.isWhitespace })
    }

    /// The draw that a value uses; nil too when it is drawn nowhere, which is said elsewhere.
    func draw(of node: YAMLNode) -> DrawRule? {
        node.scalar.flatMap { Self.drawName($0.text) }.flatMap { draws[$0] }
    }

    /// All that a value can come out as: itself, or what its draw can give, of a range both ends.
    ///
    /// Empty for a draw that does not exist and for what is no plain value.
    func outcomes(of node: YAMLNode) -> [JSONValue] {
        guard let scalar = node.scalar, !scalar.isNull else { return [] }
        guard Self.drawName(scalar.text) != nil else { return [scalar.json] }
        switch draw(of: node)?.choice {
        case nil: return []
        case .oneOf(let values): return values
        case .seconds(let range), .rate(let range): return [.double(range.lowerBound), .double(range.upperBound)]
        case .number(let range): return [.int(range.lowerBound), .int(range.upperBound)]
        }
    }

    /// What a problem with a role says about the roles that there are.
    var rolesHint: String { "roles: \(roles.keys.sorted().joined(separator: ", "))" }
}

extension YAMLNode {
    /// The items of a list under a key of a mapping; empty when there is none.
    func items(_ key: String) -> [YAMLNode] { self[key]?.sequence ?? [] }
}

extension JSONValue {
    /// The value as a person wrote it, for messages.
    var written: String {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        case .double(let number): String(number)
        case .bool(let flag): String(flag)
        case .null: "nothing"
        case .array, .object: "a list or a mapping"
        }
    }
}
