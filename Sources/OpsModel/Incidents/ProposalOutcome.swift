/// Where a proposal stands.
public enum ProposalState: String, Codable, CaseIterable, Hashable, Sendable {
    case pending
    case denied
    case expired
    case superseded
    case running
    /// Carried out, and the incident was ended by somebody before it was proven.
    case done
    case notDone = "not_done"
    case unknown
    case verifying
    case recovered
    case notRecovered = "not_recovered"
    case simulated
    case blocked

    /// Whether it will move on by itself; one such proposal may be open in an incident.
    public var isMoving: Bool { [.pending, .running, .verifying].contains(self) }
}

/// The gate's answer to a proposal.
public struct ProposalReceipt: Codable, Hashable, Sendable {
    /// The name the gate gave it.
    public var proposal: String
    /// The approval that a person has to decide, where one is needed.
    public var approval: String?
    /// Where it stands at once.
    public var state: ProposalState
    /// Why it was blocked or only simulated.
    public var reason: String?

    /// Puts the parts together as given.
    public init(
        proposal: String,
        approval: String? = nil,
        state: ProposalState,
        reason: String? = nil
    ) {
        self.proposal = proposal
        self.approval = approval
        self.state = state
        self.reason = reason
    }
}

/// Where a proposal stands now.
public struct ProposalOutcome: Codable, Hashable, Sendable {
    /// Its name.
    public var proposal: String
    /// Where it stands.
    public var state: ProposalState
    /// The number of the option that was approved, from 1.
    public var option: Int?
    /// The approver's words, or the gate's.
    public var reason: String?
    /// What became of each step so far.
    public var steps: [StepOutcome]

    /// Puts the parts together as given.
    public init(
        proposal: String,
        state: ProposalState,
        option: Int? = nil,
        reason: String? = nil,
        steps: [StepOutcome] = []
    ) {
        self.proposal = proposal
        self.state = state
        self.option = option
        self.reason = reason
        self.steps = steps
    }
}

extension ProposalOutcome {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        proposal = try members.decode(String.self, forKey: .proposal)
        state = try members.decode(ProposalState.self, forKey: .state)
        option = try members.decodeIfPresent(Int.self, forKey: .option)
        reason = try members.decodeIfPresent(String.self, forKey: .reason)
        steps = try members.decodeIfPresent([StepOutcome].self, forKey: .steps) ?? []
    }
}

/// What became of one step.
public struct StepOutcome: Codable, Hashable, Sendable {
    /// The action's name.
    public var action: String
    /// How it ended.
    public var state: ActionState
    /// One sentence for a person.
    public var message: String
    /// The run in ActionPlane.
    public var run: String?

    /// Puts the parts together as given.
    public init(
        action: String,
        state: ActionState,
        message: String,
        run: String? = nil
    ) {
        self.action = action
        self.state = state
        self.message = message
        self.run = run
    }
}
