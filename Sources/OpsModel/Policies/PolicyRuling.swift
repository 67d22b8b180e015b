/// What several rules, or one rule to several steps, come to together: the strictest word holds.
public struct PolicyRuling: Hashable, Sendable {
    /// The rules that apply, in their order.
    public private(set) var applied: [AppliedPolicy]
    /// Of each of these one has to approve.
    public private(set) var requirements: [ApproverRequirement]
    /// The shortest time that a rule gives a person, in minutes.
    public private(set) var timeoutMinutes: Int?
    /// The most people that a rule wants; one, where none says more.
    public private(set) var quorum: Int
    /// Whether a rule bars whoever started the lab.
    public private(set) var fourEyes: Bool

    /// The word of the rules that apply; of none as it stands.
    public init(
        applied: [AppliedPolicy] = [],
        requirements: [ApproverRequirement] = [],
        timeoutMinutes: Int? = nil,
        quorum: Int = 1,
        fourEyes: Bool = false
    ) {
        self.applied = applied
        self.requirements = requirements
        self.timeoutMinutes = timeoutMinutes
        self.quorum = quorum
        self.fourEyes = fourEyes
    }

    /// The strictest word; nil when no rule applies.
    public var action: PolicyAction? { applied.map(\.action).max() }

    /// The first of the rules that say it.
    public var decisive: AppliedPolicy? { applied.first { $0.action == action } }

    /// Takes in what else is said; nil says nothing.
    public mutating func take(_ other: PolicyRuling?) {
        guard let other else { return }
        for policy in other.applied {
            if let known = applied.firstIndex(where: { $0.id == policy.id && $0.version == policy.version }) {
                let more = policy.undecided.filter { !applied[known].undecided.contains($0) }
                applied[known].undecided += more
            } else {
                applied.append(policy)
            }
        }
        for wanted in other.requirements where !requirements.contains(wanted) { requirements.append(wanted) }
        timeoutMinutes = [timeoutMinutes, other.timeoutMinutes].compactMap(\.self).min()
        quorum = max(quorum, other.quorum)
        fourEyes = fourEyes || other.fourEyes
    }
}
