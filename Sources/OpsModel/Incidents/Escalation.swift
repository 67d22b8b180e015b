/// A hand-over to a person: what is known, what was ruled out, what was left alone on purpose.
public struct Escalation: Codable, Hashable, Sendable {
    /// Why the agent stops here.
    public var reason: String
    /// Its best guess of where.
    public var component: String?
    /// Its best guess of what.
    public var mechanism: String?
    /// Findings in words.
    public var found: [String]
    /// What the evidence speaks against.
    public var ruledOut: [RuledOut]
    /// Actions deliberately not taken.
    public var notDone: [RejectedOption]
    /// Names of the answers it rests on.
    public var evidence: [String]

    /// Puts the parts together as given.
    public init(
        reason: String,
        component: String? = nil,
        mechanism: String? = nil,
        found: [String] = [],
        ruledOut: [RuledOut] = [],
        notDone: [RejectedOption] = [],
        evidence: [String] = []
    ) {
        self.reason = reason
        self.component = component
        self.mechanism = mechanism
        self.found = found
        self.ruledOut = ruledOut
        self.notDone = notDone
        self.evidence = evidence
    }

    private enum CodingKeys: String, CodingKey {
        case reason
        case component
        case mechanism
        case found
        case ruledOut = "ruled_out"
        case notDone = "not_done"
        case evidence
    }
}

extension Escalation {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        reason = try members.decode(String.self, forKey: .reason)
        component = try members.decodeIfPresent(String.self, forKey: .component)
        mechanism = try members.decodeIfPresent(String.self, forKey: .mechanism)
        found = try members.decodeIfPresent([String].self, forKey: .found) ?? []
        ruledOut = try members.decodeIfPresent([RuledOut].self, forKey: .ruledOut) ?? []
        notDone = try members.decodeIfPresent([RejectedOption].self, forKey: .notDone) ?? []
        evidence = try members.decodeIfPresent([String].self, forKey: .evidence) ?? []
    }
}
