/// A policy that had a say, in the version that was asked.
public struct AppliedPolicy: Codable, Hashable, Sendable {
    /// Its id; `default` is the autonomy level.
    public var id: String
    /// The version that was asked.
    public var version: Int
    /// What people call it.
    public var name: String
    /// What it wants.
    public var action: PolicyAction
    /// Why there is such a rule.
    public var description: String
    /// Fields of its conditions that could not be decided, and so counted as met.
    public var undecided: [String]

    /// Puts the parts together as given.
    public init(
        id: String,
        version: Int,
        name: String,
        action: PolicyAction,
        description: String = "",
        undecided: [String] = []
    ) {
        self.id = id
        self.version = version
        self.name = name
        self.action = action
        self.description = description
        self.undecided = undecided
    }

    /// Name, id and version for people.
    public var label: String { "\(name) (\(id) v\(version))" }
}

/// Of whom one has to approve before something is carried out.
public struct ApproverRequirement: Codable, Hashable, Sendable {
    /// The policy that wants it, for people.
    public var policy: String
    /// `person:NAME` and `role:NAME`; one of them is enough.
    public var from: [String]

    /// Puts the parts together as given.
    public init(policy: String, from: [String]) {
        self.policy = policy
        self.from = from
    }
}
