/// Whether a page still burns.
public enum PageStatus: String, Codable, CaseIterable, Hashable, Sendable {
    case firing
    case resolved
}

/// One journey that burns its error budget too fast, or whatever else somebody's Alertmanager pages about.
public struct Page: Codable, Hashable, Sendable {
    /// Stays the same for the same journey and rule.
    public var fingerprint: String
    /// The journey; empty when the page is about something else.
    public var journey: String
    /// The component that the page names; Observer's pages name none.
    public var component: String?
    /// Whether it still burns.
    public var status: PageStatus
    /// How urgent it is.
    public var severity: String
    /// One sentence for a person.
    public var summary: String
    /// The share of good requests when it fired.
    public var goodRatio: Double?
    /// The promised share.
    public var objective: Double?
    /// How many times faster than allowed the budget burnt.
    public var burn: Double?
    /// When it began to fire.
    public var startedAt: Timestamp
    /// When it stopped.
    public var endedAt: Timestamp?
    /// Whether the lab's own Observer says so; what anybody else says may lead to no action without a person.
    public var isWitnessed: Bool

    /// Puts the parts together as given.
    public init(
        fingerprint: String,
        journey: String,
        component: String? = nil,
        status: PageStatus,
        severity: String = "page",
        summary: String,
        goodRatio: Double? = nil,
        objective: Double? = nil,
        burn: Double? = nil,
        startedAt: Timestamp,
        endedAt: Timestamp? = nil,
        isWitnessed: Bool = false
    ) {
        self.fingerprint = fingerprint
        self.journey = journey
        self.component = component
        self.status = status
        self.severity = severity
        self.summary = summary
        self.goodRatio = goodRatio
        self.objective = objective
        self.burn = burn
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.isWitnessed = isWitnessed
    }

    private enum CodingKeys: String, CodingKey {
        case fingerprint
        case journey
        case component
        case status
        case severity
        case summary
        case goodRatio = "good_ratio"
        case objective
        case burn
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case isWitnessed = "witnessed"
    }
}

extension Page {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        fingerprint = try members.decode(String.self, forKey: .fingerprint)
        journey = try members.decode(String.self, forKey: .journey)
        component = try members.decodeIfPresent(String.self, forKey: .component)
        status = try members.decode(PageStatus.self, forKey: .status)
        severity = try members.decodeIfPresent(String.self, forKey: .severity) ?? "page"
        summary = try members.decode(String.self, forKey: .summary)
        goodRatio = try members.decodeIfPresent(Double.self, forKey: .goodRatio)
        objective = try members.decodeIfPresent(Double.self, forKey: .objective)
        burn = try members.decodeIfPresent(Double.self, forKey: .burn)
        startedAt = try members.decode(Timestamp.self, forKey: .startedAt)
        endedAt = try members.decodeIfPresent(Timestamp.self, forKey: .endedAt)
        isWitnessed = try members.decodeIfPresent(Bool.self, forKey: .isWitnessed) ?? false
    }
}
