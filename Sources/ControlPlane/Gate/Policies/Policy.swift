import OpsModel

/// Decides what becomes of a proposal under an autonomy level; without a rule that says otherwise, a person decides.
struct Policy: Codable, Equatable, Sendable {
    var id = "default"
    var version = 1
    var autonomy: Autonomy
    /// In ``automatic``: whatever the catalogue has.
    static let everything = "*"
    /// What a person decides at every level: ActionPlane's own ceiling asks for one as well.
    static let alwaysAsked: Set<String> = ["restore-db"]

    /// The actions that may run on policy alone when the level is `auto`; each must also pass ActionPlane's own ceiling.
    var automatic: Set<String> = []
    /// How long all journeys have to hold after a repair, in seconds.
    var windowS = 15.0
    /// How long a person has to decide, in seconds; nil while nobody has set it, and the gate's own setting holds.
    var approvalTimeoutS: Double?
    /// How long nothing begins after a person's yes, in seconds; nil is not at all.
    var holdS: Double?
    /// Whether the agents' kill switch is on.
    var isFrozen = false

    /// What holds until somebody sets a level: that of the settings.
    ///
    /// There `auto` covers every action.
    static func initial(_ level: Autonomy) -> Policy {
        Policy(autonomy: level, automatic: level == .auto ? [everything] : [])
    }

    enum Decision: Equatable, Sendable {
        case allow
        case requireApproval
        case simulate(String)
        case block(String)
    }

    /// What Observer has not paged for, only somebody's alert, is never carried out without a person: whoever may send alerts
    /// would command the agent.
    func decide(_ proposal: Proposal, isWitnessed: Bool = true) -> Decision {
        if isFrozen { return .block("agents are stopped") }
        switch autonomy {
        case .observe: return .simulate("autonomy is observe: nothing is carried out")
        case .suggest: return .simulate("autonomy is suggest: a person may carry it out")
        case .approve: return .requireApproval
        case .auto: return isWitnessed && isAutomatic(proposal) ? .allow : .requireApproval
        }
    }

    /// The same decision as one of the policies that have a say.
    func word(on proposal: Proposal, isWitnessed: Bool = true) -> AppliedPolicy {
        let action: PolicyAction =
            switch decide(proposal, isWitnessed: isWitnessed) {
            case .allow: .allow
            case .requireApproval: .requireApproval
            case .simulate: .simulate
            case .block: .block
            }
        let doubt = isWitnessed || autonomy != .auto ? "" : " without a page of Observer's"
        let name = isFrozen ? "agents are stopped" : "autonomy \(autonomy.rawValue)\(doubt)"
        return AppliedPolicy(id: id, version: version, name: name, action: action)
    }

    private func isAutomatic(_ proposal: Proposal) -> Bool {
        let isAll = automatic.contains(Self.everything)
        return proposal.options.first?.steps.allSatisfy {
            !Self.alwaysAsked.contains($0.action) && (isAll || automatic.contains($0.action))
        } ?? false
    }
}
