/// The rules that count, ready to be asked about one action after another.
public struct PolicySet: Hashable, Sendable {
    private struct Entry: Hashable, Sendable {
        var id: String
        var version: Int
        var name: String
        var description: String
        /// Nil when it cannot be read: then it blocks everything, since nobody knows what it is for.
        var rule: PolicyRule?
    }

    private var entries: [Entry]

    /// No rule at all: nothing is narrower than it was.
    public static let empty = PolicySet([])

    /// The given ones, whatever their status.
    public init(_ policies: [PolicyRecord]) {
        entries = policies.map {
            Entry(id: $0.id, version: $0.version, name: $0.name, description: $0.description, rule: $0.rule)
        }
    }

    /// What the rules say to one action.
    public func ruling(on facts: PolicyFacts) -> PolicyRuling {
        var ruling = PolicyRuling()
        for entry in entries { ruling.take(Self.word(of: entry, on: facts)) }
        return ruling
    }

    /// How each rule came to its word, also those that do not apply.
    public func trials(on facts: PolicyFacts) -> [PolicyTrial] {
        entries.map { entry in
            PolicyTrial(
                policy: entry.id,
                version: entry.version,
                name: entry.name,
                applies: Self.word(of: entry, on: facts) != nil,
                conditions: (entry.rule?.conditions ?? []).map {
                    .init(condition: $0, fact: facts[$0.field], verdict: $0.verdict(on: facts))
                }
            )
        }
    }

    /// What a rule says; nil when it does not apply.
    ///
    /// What cannot be decided counts for a rule that narrows, and against one that allows.
    private static func word(of entry: Entry, on facts: PolicyFacts) -> PolicyRuling? {
        var applied = AppliedPolicy(
            id: entry.id,
            version: entry.version,
            name: entry.name,
            action: .block,
            description: entry.description
        )
        guard let rule = entry.rule else {
            applied.description = "this version of the gate cannot read the rule"
            return PolicyRuling(applied: [applied])
        }
        for condition in rule.conditions {
            switch condition.verdict(on: facts) {
            case .met: break
            case .unmet: return nil
            case .undecidable: applied.undecided.append(condition.field)
            }
        }
        guard applied.undecided.isEmpty || rule.action != .allow else { return nil }
        applied.action = rule.action
        guard rule.action == .requireApproval else { return PolicyRuling(applied: [applied]) }
        let wanted = ApproverRequirement(policy: applied.label, from: rule.approvalRequiredFrom)
        return PolicyRuling(
            applied: [applied],
            requirements: rule.approvalRequiredFrom.isEmpty ? [] : [wanted],
            timeoutMinutes: rule.timeoutMinutes,
            quorum: rule.quorum ?? 1,
            fourEyes: rule.fourEyes
        )
    }
}
