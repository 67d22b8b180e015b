/// What an agent asks to be allowed to do: options, the one it would take first.
public struct Proposal: Codable, Hashable, Sendable {
    /// One sentence for a person.
    public var summary: String
    /// At least one, the least harmful that works first.
    public var options: [ProposedOption]
    /// What it does not propose, and why.
    public var rejected: [RejectedOption]
    /// Names of the answers it rests on.
    public var evidence: [String]

    /// Puts the parts together as given.
    public init(
        summary: String,
        options: [ProposedOption],
        rejected: [RejectedOption] = [],
        evidence: [String] = []
    ) {
        self.summary = summary
        self.options = options
        self.rejected = rejected
        self.evidence = evidence
    }
}

extension Proposal {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        summary = try members.decode(String.self, forKey: .summary)
        options = try members.decode([ProposedOption].self, forKey: .options)
        rejected = try members.decodeIfPresent([RejectedOption].self, forKey: .rejected) ?? []
        evidence = try members.decodeIfPresent([String].self, forKey: .evidence) ?? []
    }
}

/// One way to repair, carried out from its first step to its last.
public struct ProposedOption: Codable, Hashable, Sendable {
    /// A few words for a person.
    public var title: String
    /// One sentence for a person.
    public var why: String
    /// Actions, in order.
    public var steps: [ProposedStep]

    /// Puts the parts together as given.
    public init(title: String, why: String = "", steps: [ProposedStep]) {
        self.title = title
        self.why = why
        self.steps = steps
    }
}

extension ProposedOption {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        title = try members.decode(String.self, forKey: .title)
        why = try members.decodeIfPresent(String.self, forKey: .why) ?? ""
        steps = try members.decode([ProposedStep].self, forKey: .steps)
    }
}

/// One action with its parameters.
public struct ProposedStep: Codable, Hashable, Sendable {
    /// A name from the catalogue of actions.
    public var action: String
    /// As the action's schema wants them.
    public var parameters: [String: JSONValue]
    /// Conditions that should hold afterwards.
    public var expect: [String]

    /// Puts the parts together as given.
    public init(
        action: String,
        parameters: [String: JSONValue] = [:],
        expect: [String] = []
    ) {
        self.action = action
        self.parameters = parameters
        self.expect = expect
    }
}

extension ProposedStep {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        action = try members.decode(String.self, forKey: .action)
        parameters = try members.decodeIfPresent([String: JSONValue].self, forKey: .parameters) ?? [:]
        expect = try members.decodeIfPresent([String].self, forKey: .expect) ?? []
    }
}

/// An action that looks tempting and was not proposed.
public struct RejectedOption: Codable, Hashable, Sendable {
    /// Its name in the catalogue.
    public var action: String
    /// What it would have touched.
    public var component: String?
    /// One sentence for a person.
    public var because: String

    /// Puts the parts together as given.
    public init(action: String, component: String? = nil, because: String) {
        self.action = action
        self.component = component
        self.because = because
    }
}
