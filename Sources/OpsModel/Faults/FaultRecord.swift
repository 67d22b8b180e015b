/// What becomes of a fault when its target starts anew.
public enum FaultClass: String, Codable, CaseIterable, Hashable, Sendable {
    case event
    case held
    case condition
    /// Happens once and leaves nothing, but the target cannot get out of it by itself.
    case metastable
}

/// Where a fault stands.
public enum FaultState: String, Codable, CaseIterable, Hashable, Sendable {
    case intended
    case armed
    case applied
    case verified
    case reverting
    case reverted
    case superseded
    case pending
    case failed
    case refused
    /// It is there, and no journey felt it in time.
    case ineffective
}

/// Whether customers felt a fault.
public enum FaultEffect: String, Codable, CaseIterable, Hashable, Sendable {
    /// A journey broke its objective within the time a fault has for that.
    case felt
    /// There were customers, and all their journeys held.
    case ineffective
}

/// One fault from its request to its end.
public struct FaultRecord: Codable, Hashable, Sendable {
    /// Its name.
    public var id: String
    /// The kind of fault.
    public var fault: String
    /// What becomes of it when its target starts anew.
    public var persistence: FaultClass
    /// Where it stands.
    public var state: FaultState
    /// The component broken.
    public var target: String
    /// The instance broken.
    public var instance: String?
    /// Its parameters.
    public var with: [String: JSONValue]
    /// The intensity asked for, in the fault's unit.
    public var requested: Double?
    /// The intensity read back.
    public var achieved: Double?
    /// Seconds it may last.
    public var leaseS: Double
    /// Seconds it still may.
    public var leaseLeftS: Double?
    /// When it was asked for.
    public var requestedAt: Timestamp
    /// When its effect was in the world.
    public var appliedAt: Timestamp?
    /// Whether customers felt it; nil while that is not decided, and where there were no customers to ask.
    public var effect: FaultEffect?
    /// The first half second in which a journey broke its objective.
    public var effectAt: Timestamp?
    /// When it was over.
    public var endedAt: Timestamp?
    /// `lease`, `request`, `kill`, `sweep` or `holder`.
    public var endCause: String?
    /// How many effects ended `reverted`, `already-clean`, `superseded`, `pending`, `failed`.
    public var outcome: [String: Int]
    /// Why it was refused, or what is pending.
    public var reason: String?
    /// The scenario run that asked for it.
    public var run: String?
    /// What it leaves in the world while it lasts.
    public var marks: [FaultMark]

    /// Puts the parts together as given.
    public init(
        id: String,
        fault: String,
        persistence: FaultClass,
        state: FaultState,
        target: String,
        instance: String? = nil,
        with: [String: JSONValue] = [:],
        requested: Double? = nil,
        achieved: Double? = nil,
        leaseS: Double,
        leaseLeftS: Double? = nil,
        requestedAt: Timestamp,
        appliedAt: Timestamp? = nil,
        effect: FaultEffect? = nil,
        effectAt: Timestamp? = nil,
        endedAt: Timestamp? = nil,
        endCause: String? = nil,
        outcome: [String: Int] = [:],
        reason: String? = nil,
        run: String? = nil,
        marks: [FaultMark] = []
    ) {
        self.id = id
        self.fault = fault
        self.persistence = persistence
        self.state = state
        self.target = target
        self.instance = instance
        self.with = with
        self.requested = requested
        self.achieved = achieved
        self.leaseS = leaseS
        self.leaseLeftS = leaseLeftS
        self.requestedAt = requestedAt
        self.appliedAt = appliedAt
        self.effect = effect
        self.effectAt = effectAt
        self.endedAt = endedAt
        self.endCause = endCause
        self.outcome = outcome
        self.reason = reason
        self.run = run
        self.marks = marks
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case fault
        case persistence
        case state
        case target
        case instance
        case with
        case requested
        case achieved
        case leaseS = "lease_s"
        case leaseLeftS = "lease_left_s"
        case requestedAt = "requested_at"
        case appliedAt = "applied_at"
        case effect
        case effectAt = "effect_at"
        case endedAt = "ended_at"
        case endCause = "end_cause"
        case outcome
        case reason
        case run
        case marks
    }
}

extension FaultRecord {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decode(String.self, forKey: .id)
        fault = try members.decode(String.self, forKey: .fault)
        persistence = try members.decode(FaultClass.self, forKey: .persistence)
        state = try members.decode(FaultState.self, forKey: .state)
        target = try members.decode(String.self, forKey: .target)
        instance = try members.decodeIfPresent(String.self, forKey: .instance)
        with = try members.decodeIfPresent([String: JSONValue].self, forKey: .with) ?? [:]
        requested = try members.decodeIfPresent(Double.self, forKey: .requested)
        achieved = try members.decodeIfPresent(Double.self, forKey: .achieved)
        leaseS = try members.decode(Double.self, forKey: .leaseS)
        leaseLeftS = try members.decodeIfPresent(Double.self, forKey: .leaseLeftS)
        requestedAt = try members.decode(Timestamp.self, forKey: .requestedAt)
        appliedAt = try members.decodeIfPresent(Timestamp.self, forKey: .appliedAt)
        effect = try members.decodeIfPresent(FaultEffect.self, forKey: .effect)
        effectAt = try members.decodeIfPresent(Timestamp.self, forKey: .effectAt)
        endedAt = try members.decodeIfPresent(Timestamp.self, forKey: .endedAt)
        endCause = try members.decodeIfPresent(String.self, forKey: .endCause)
        outcome = try members.decodeIfPresent([String: Int].self, forKey: .outcome) ?? [:]
        reason = try members.decodeIfPresent(String.self, forKey: .reason)
        run = try members.decodeIfPresent(String.self, forKey: .run)
        marks = try members.decodeIfPresent([FaultMark].self, forKey: .marks) ?? []
    }
}
