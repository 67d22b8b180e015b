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
    private static let microsecondsPerHour: Int64 = 3_600_000_000

    /// The hour of the day in UTC, 0 to 23.
    var hour: Int {
        Int(Self.divide(self.microseconds, by: 24 * Self.microsecondsPerHour).rest / Self.microsecondsPerHour)
    }

    /// The day of the week in UTC, 0 on Mondays: 1970 began on a Thursday.
    var weekday: Int {
        Int(Self.divide(Self.divide(self.microseconds, by: 24 * Self.microsecondsPerHour).whole + 3, by: 7).rest)
    }

    /// Rounds down, also before 1970.
    private static func divide(_ value: Int64, by unit: Int64) -> (whole: Int64, rest: Int64) {
        let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
        return rest < 0 ? (whole - 1, rest + unit) : (whole, rest)
    }
}

extension PolicyFacts {
    /// The same with what somebody else knows better.
    public func merging(_ other: PolicyFacts) -> PolicyFacts { PolicyFacts(values.merging(other.values) { $1 }) }
}
