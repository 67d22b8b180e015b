/// How sure a diagnosis is; nothing is touched on a low one.
public enum Confidence: String, Codable, CaseIterable, Hashable, Sendable {
    case high
    case medium
    case low
}

/// What an agent holds to be the cause, and why.
public struct Diagnosis: Codable, Hashable, Sendable {
    /// The component, or a link written `a->b`.
    public var component: String
    /// The instance, where only one is meant.
    public var instance: String?
    /// A word of the closed list of mechanisms.
    public var mechanism: String
    /// How sure the agent is.
    public var confidence: Confidence
    /// One sentence for a person.
    public var statement: String
    /// Names of the answers it rests on.
    public var evidence: [String]
    /// The runbook passages it rests on.
    public var citations: [Citation]
    /// What else was considered, and what speaks against it.
    public var ruledOut: [RuledOut]

    /// Puts the parts together as given.
    public init(
        component: String,
        instance: String? = nil,
        mechanism: String,
        confidence: Confidence,
        statement: String,
        evidence: [String],
        citations: [Citation] = [],
        ruledOut: [RuledOut] = []
    ) {
        self.component = component
        self.instance = instance
        self.mechanism = mechanism
        self.confidence = confidence
        self.statement = statement
        self.evidence = evidence
        self.citations = citations
        self.ruledOut = ruledOut
    }

    private enum CodingKeys: String, CodingKey {
        case component
        case instance
        case mechanism
        case confidence
        case statement
        case evidence
        case citations
        case ruledOut = "ruled_out"
    }
}

extension Diagnosis {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        component = try members.decode(String.self, forKey: .component)
        instance = try members.decodeIfPresent(String.self, forKey: .instance)
        mechanism = try members.decode(String.self, forKey: .mechanism)
        confidence = try members.decode(Confidence.self, forKey: .confidence)
        statement = try members.decode(String.self, forKey: .statement)
        evidence = try members.decode([String].self, forKey: .evidence)
        citations = try members.decodeIfPresent([Citation].self, forKey: .citations) ?? []
        ruledOut = try members.decodeIfPresent([RuledOut].self, forKey: .ruledOut) ?? []
    }
}

/// An explanation that the evidence speaks against.
public struct RuledOut: Codable, Hashable, Sendable {
    /// The component it would have been.
    public var component: String
    /// The mechanism it would have been.
    public var mechanism: String
    /// One sentence for a person.
    public var because: String
    /// Names of the answers that speak against it.
    public var evidence: [String]

    /// Puts the parts together as given.
    public init(
        component: String,
        mechanism: String,
        because: String,
        evidence: [String] = []
    ) {
        self.component = component
        self.mechanism = mechanism
        self.because = because
        self.evidence = evidence
    }
}

extension RuledOut {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        component = try members.decode(String.self, forKey: .component)
        mechanism = try members.decode(String.self, forKey: .mechanism)
        because = try members.decode(String.self, forKey: .because)
        evidence = try members.decodeIfPresent([String].self, forKey: .evidence) ?? []
    }
}
