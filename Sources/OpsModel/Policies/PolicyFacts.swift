/// What rules may know of one action, by the names of ``PolicyField``.
public struct PolicyFacts: Hashable, Sendable {
    private var values: [String: JSONValue]

    /// Puts the facts together as given.
    public init(_ values: [String: JSONValue] = [:]) { self.values = values }

    /// A fact; nil when it is not known.
    public subscript(_ field: String) -> JSONValue? {
        get { values[field] }
        set { values[field] = newValue }
    }

    /// The same with the hour and the day of a moment, in UTC.
    public func at(_ moment: Timestamp) -> PolicyFacts {
        var facts = self
        facts["time.hour"] = .int(moment.hour)
        facts["time.weekday"] = .string(PolicyField.weekdays[moment.weekday])
        return facts
    }
}

extension PolicyFacts: Codable {
    /// Reads an object of field names and values.
    public init(from decoder: any Decoder) throws {
        values = try decoder.singleValueContainer().decode([String: JSONValue].self)
    }

    /// Writes an object of field names and values.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }
}

extension PolicyFacts {
    /// Reads the facts of an action that somebody asks about: `{"action": {"type": …}, "agent": {"name": …}, …}`.
    public static func read(_ document: JSONValue) throws(PolicyProblems) -> PolicyFacts {
        var problems = PolicyProblems()
        var facts = PolicyFacts()
        if document.objectValue == nil { problems.add("", "has to be an object such as {\"action\": {\"type\": …}}") }
        for (group, members) in (document.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let members = members.objectValue else {
                problems.add(group, "has to be an object")
                continue
            }
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                facts.take(value, as: "\(group).\(name)", &problems)
            }
        }
        if facts["action.type"]?.stringValue?.isEmpty ?? true, !problems.concern("action.type") {
            problems.add("action.type", "is missing: the name of an action")
        }
        try problems.throwAny()
        return facts
    }

    private mutating func take(_ value: JSONValue, as name: String, _ problems: inout PolicyProblems) {
        guard let field = PolicyField(name) else { return problems.add(name, "is no field of policies") }
        guard field.kind != .parameter else {
            values[name] = value
            return
        }
        let several = field.kind == .texts ? value.arrayValue : nil
        if let refusal = (several ?? [value]).lazy.compactMap({ field.kind.refusal(of: $0) }).first {
            problems.add(name, refusal)
        }
        values[name] = field.kind == .texts && several == nil ? .array([value]) : value
    }
}

extension Timestamp {
    private var secondsOfTime: Int64 {
        (self.microseconds - (self.microseconds % 1_000_000 + 1_000_000) % 1_000_000) / 1_000_000
    }

    /// The hour of the day in UTC, 0 to 23.
    var hour: Int { Int(((secondsOfTime % 86_400) + 86_400) % 86_400 / 3_600) }

    /// The day of the week in UTC, 0 on Mondays: 1970 began on a Thursday.
    var weekday: Int {
        let seconds = secondsOfTime
        let days = (seconds - ((seconds % 86_400) + 86_400) % 86_400) / 86_400
        return Int(((days + 3) % 7 + 7) % 7)
    }
}

extension PolicyFacts {
    /// The same with what somebody else knows better.
    public func merging(_ other: PolicyFacts) -> PolicyFacts { PolicyFacts(values.merging(other.values) { $1 }) }
}
