/// One scenario run, judged: the one object that `scenario run --json` prints.
public struct RunReport: Codable, Hashable, Sendable {
    /// The run's random name.
    public var run: String
    /// The scenario's id; sealed until the run was over.
    public var scenario: String
    /// Scenarios that open with the same page.
    public var family: String
    /// What the draws came from.
    public var seed: Int
    /// What was drawn.
    public var draw: [String: JSONValue]
    /// SHA-256 over scenario, seed and nonce, published before the run.
    public var commitment: String
    /// Opens the commitment.
    public var nonce: String
    /// Who was judged.
    public var agent: String
    /// How much it was allowed to do.
    public var autonomy: Autonomy
    /// How the scripted approver behaved, or a person's name.
    public var approver: String
    /// What was kept from the agent; nil where nothing was.
    public var handicap: Handicap?
    /// What was planted where, such as `logs: system-message`; empty where nothing was.
    public var planted: [String]
    /// What the agent could remember; nil where memory was off.
    public var memory: MemorySeal?
    /// Its row in a table of several; nil where that is the agent's name.
    public var row: String?
    /// `I0` to `I3`; results of different levels are never put in one table.
    public var isolation: String
    /// One word of the closed list.
    public var verdict: String
    /// Whether the verdict is what the scenario asks for.
    public var passed: Bool
    /// One sentence on why.
    public var reason: String
    /// When the run began.
    public var startedAt: Timestamp
    /// When it was judged; nil in reports of before this was kept.
    public var endedAt: Timestamp?
    /// The first bad request after which an objective was broken.
    public var onsetAt: Timestamp?
    /// Seconds from onset to the page.
    public var detectS: Double?
    /// Seconds from onset to the diagnosis.
    public var localiseS: Double?
    /// Seconds from onset to the first good sample of the window that held, without the approver's wait.
    public var serviceBackS: Double?
    /// The same plus the window.
    public var verifiedS: Double?
    /// Seconds spent waiting for the approver.
    public var approverWaitS: Double
    /// Seconds the fault's lease still had when the repair was proven.
    public var leaseLeftS: Double?
    /// What the scenario holds to be the cause.
    public var expectedCause: Cause?
    /// What the agent said.
    public var cause: Cause?
    /// Zero for a miss, else the precision over what was named.
    public var causeScore: Double
    /// What was done, in order.
    public var actions: [RanAction]
    /// Actions that were not part of an honest repair.
    public var unneededActions: Int
    /// What was asked, and how it was decided.
    public var approvals: [RunApproval]
    /// Changes of the world that no grant, fault or component accounts for.
    public var unauthorisedActions: Int
    /// Traces of faults left in the world at the end.
    public var leakedFaults: Int
    /// Harm beyond the envelope, in words.
    public var collateral: [String]
    /// How customers fared.
    public var journeys: [RunJourney]
    /// The incident, to replay it.
    public var incident: String?
    /// The agent's reason to hand over.
    public var escalation: String?
    /// What the census found that nothing accounts for.
    public var census: [String]
    /// The run drawn over time; nil where it came to no end.
    public var timeline: RunTimeline?

    /// Puts the parts together as given.
    public init(
        run: String,
        scenario: String,
        family: String = "",
        seed: Int,
        draw: [String: JSONValue] = [:],
        commitment: String = "",
        nonce: String = "",
        agent: String = "builtin",
        autonomy: Autonomy = .approve,
        approver: String = "",
        handicap: Handicap? = nil,
        planted: [String] = [],
        memory: MemorySeal? = nil,
        row: String? = nil,
        isolation: String,
        verdict: String,
        passed: Bool,
        reason: String = "",
        startedAt: Timestamp,
        endedAt: Timestamp? = nil,
        onsetAt: Timestamp? = nil,
        detectS: Double? = nil,
        localiseS: Double? = nil,
        serviceBackS: Double? = nil,
        verifiedS: Double? = nil,
        approverWaitS: Double = 0,
        leaseLeftS: Double? = nil,
        expectedCause: Cause? = nil,
        cause: Cause? = nil,
        causeScore: Double = 0,
        actions: [RanAction] = [],
        unneededActions: Int = 0,
        approvals: [RunApproval] = [],
        unauthorisedActions: Int = 0,
        leakedFaults: Int = 0,
        collateral: [String] = [],
        journeys: [RunJourney] = [],
        incident: String? = nil,
        escalation: String? = nil,
        census: [String] = [],
        timeline: RunTimeline? = nil
    ) {
        self.run = run
        self.scenario = scenario
        self.family = family
        self.seed = seed
        self.draw = draw
        self.commitment = commitment
        self.nonce = nonce
        self.agent = agent
        self.autonomy = autonomy
        self.approver = approver
        self.handicap = handicap
        self.planted = planted
        self.memory = memory
        self.row = row
        self.isolation = isolation
        self.verdict = verdict
        self.passed = passed
        self.reason = reason
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.onsetAt = onsetAt
        self.detectS = detectS
        self.localiseS = localiseS
        self.serviceBackS = serviceBackS
        self.verifiedS = verifiedS
        self.approverWaitS = approverWaitS
        self.leaseLeftS = leaseLeftS
        self.expectedCause = expectedCause
        self.cause = cause
        self.causeScore = causeScore
        self.actions = actions
        self.unneededActions = unneededActions
        self.approvals = approvals
        self.unauthorisedActions = unauthorisedActions
        self.leakedFaults = leakedFaults
        self.collateral = collateral
        self.journeys = journeys
        self.incident = incident
        self.escalation = escalation
        self.census = census
        self.timeline = timeline
    }

    private enum CodingKeys: String, CodingKey {
        case run
        case scenario
        case family
        case seed
        case draw
        case commitment
        case nonce
        case agent
        case autonomy
        case approver
        case handicap
        case planted
        case memory
        case row
        case isolation
        case verdict
        case passed
        case reason
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case onsetAt = "onset_at"
        case detectS = "detect_s"
        case localiseS = "localise_s"
        case serviceBackS = "service_back_s"
        case verifiedS = "verified_s"
        case approverWaitS = "approver_wait_s"
        case leaseLeftS = "lease_left_s"
        case expectedCause = "expected_cause"
        case cause
        case causeScore = "cause_score"
        case actions
        case unneededActions = "unneeded_actions"
        case approvals
        case unauthorisedActions = "unauthorised_actions"
        case leakedFaults = "leaked_faults"
        case collateral
        case journeys
        case incident
        case escalation
        case census
        case timeline
    }
}

extension RunReport {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        run = try members.decode(String.self, forKey: .run)
        scenario = try members.decode(String.self, forKey: .scenario)
        family = try members.decodeIfPresent(String.self, forKey: .family) ?? ""
        seed = try members.decode(Int.self, forKey: .seed)
        draw = try members.decodeIfPresent([String: JSONValue].self, forKey: .draw) ?? [:]
        commitment = try members.decodeIfPresent(String.self, forKey: .commitment) ?? ""
        nonce = try members.decodeIfPresent(String.self, forKey: .nonce) ?? ""
        agent = try members.decodeIfPresent(String.self, forKey: .agent) ?? "builtin"
        autonomy = try members.decodeIfPresent(Autonomy.self, forKey: .autonomy) ?? .approve
        approver = try members.decodeIfPresent(String.self, forKey: .approver) ?? ""
        handicap = try members.decodeIfPresent(Handicap.self, forKey: .handicap)
        planted = try members.decodeIfPresent([String].self, forKey: .planted) ?? []
        memory = try members.decodeIfPresent(MemorySeal.self, forKey: .memory)
        row = try members.decodeIfPresent(String.self, forKey: .row)
        isolation = try members.decode(String.self, forKey: .isolation)
        verdict = try members.decode(String.self, forKey: .verdict)
        passed = try members.decode(Bool.self, forKey: .passed)
        reason = try members.decodeIfPresent(String.self, forKey: .reason) ?? ""
        startedAt = try members.decode(Timestamp.self, forKey: .startedAt)
        endedAt = try members.decodeIfPresent(Timestamp.self, forKey: .endedAt)
        onsetAt = try members.decodeIfPresent(Timestamp.self, forKey: .onsetAt)
        detectS = try members.decodeIfPresent(Double.self, forKey: .detectS)
        localiseS = try members.decodeIfPresent(Double.self, forKey: .localiseS)
        serviceBackS = try members.decodeIfPresent(Double.self, forKey: .serviceBackS)
        verifiedS = try members.decodeIfPresent(Double.self, forKey: .verifiedS)
        approverWaitS = try members.decodeIfPresent(Double.self, forKey: .approverWaitS) ?? 0
        leaseLeftS = try members.decodeIfPresent(Double.self, forKey: .leaseLeftS)
        expectedCause = try members.decodeIfPresent(Cause.self, forKey: .expectedCause)
        cause = try members.decodeIfPresent(Cause.self, forKey: .cause)
        causeScore = try members.decodeIfPresent(Double.self, forKey: .causeScore) ?? 0
        actions = try members.decodeIfPresent([RanAction].self, forKey: .actions) ?? []
        unneededActions = try members.decodeIfPresent(Int.self, forKey: .unneededActions) ?? 0
        approvals = try members.decodeIfPresent([RunApproval].self, forKey: .approvals) ?? []
        unauthorisedActions = try members.decodeIfPresent(Int.self, forKey: .unauthorisedActions) ?? 0
        leakedFaults = try members.decodeIfPresent(Int.self, forKey: .leakedFaults) ?? 0
        collateral = try members.decodeIfPresent([String].self, forKey: .collateral) ?? []
        journeys = try members.decodeIfPresent([RunJourney].self, forKey: .journeys) ?? []
        incident = try members.decodeIfPresent(String.self, forKey: .incident)
        escalation = try members.decodeIfPresent(String.self, forKey: .escalation)
        census = try members.decodeIfPresent([String].self, forKey: .census) ?? []
        timeline = try members.decodeIfPresent(RunTimeline.self, forKey: .timeline)
    }
}
