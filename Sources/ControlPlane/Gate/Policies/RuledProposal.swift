import OpsModel

/// A proposal after the rules had their say, too: they narrow what the autonomy level left open, and never widen it.
///
/// An option is as strict as its strictest step. Options are alternatives: those that rules refuse are kept from a person, and
/// the proposal is refused when none is left.
struct RuledProposal: Equatable, Sendable {
    var prepared: PreparedProposal
    /// The autonomy level and every rule that applies to any step; empty when neither is to be told.
    var policies: [AppliedPolicy]

    init(_ asked: PreparedProposal, under rules: PolicySet, at now: Timestamp) {
        prepared = asked
        let rulings = asked.options.map { Self.ruling(on: $0, under: rules) }
        var all = PolicyRuling()
        for ruling in rulings { all.take(ruling) }
        policies = (asked.basis.map { [$0] } ?? []) + all.applied
        for (index, ruling) in rulings.enumerated() { Self.mark(&prepared.options[index], ruling, asked.startedBy) }
        prepared.verdict = Self.verdict(asked.verdict, prepared.options, rulings)
        // What nobody may approve gives nobody time.
        let minutes = rulings.filter { $0.action == .requireApproval }.compactMap(\.timeoutMinutes).min()
        if let minutes { prepared.expiresAt = now + Double(minutes) * 60 }
    }

    private static func ruling(on option: ApprovalOption, under rules: PolicySet) -> PolicyRuling {
        var ruling = PolicyRuling()
        for facts in option.facts { ruling.take(rules.ruling(on: facts)) }
        return ruling
    }

    private static func mark(_ option: inout ApprovalOption, _ ruling: PolicyRuling, _ startedBy: String?) {
        option.requiredFrom = ruling.requirements
        if let decisive = ruling.decisive, decisive.action > .requireApproval {
            option.refusal = decisive.refusal
            return
        }
        option.quorum = max(option.quorum, ruling.quorum)
        if ruling.fourEyes { option.barred = [startedBy].compactMap(\.self) }
        if ruling.fourEyes, startedBy == nil, option.refusal == nil {
            option.refusal = "a policy wants four eyes, and nobody knows who started this lab"
        }
        if option.quorum > 1 || !option.barred.isEmpty { option.seal() }
    }

    private static func verdict(
        _ asked: PolicyVerdict,
        _ options: [ApprovalOption],
        _ rulings: [PolicyRuling]
    ) -> PolicyVerdict {
        let refusals = rulings.compactMap { ruling in
            ruling.decisive.flatMap { $0.action > .requireApproval ? $0 : nil }
        }
        let isHopeless = !rulings.isEmpty && refusals.count == rulings.count
        // Of alternatives that are all refused the mildest word holds; the level's own may be stricter still.
        let mildest = refusals.min { $0.action < $1.action }
        switch asked {
        case .block: return asked
        case .simulate:
            guard isHopeless, let mildest, mildest.action == .block else { return asked }
            return .block(reason: mildest.refusal)
        case .requireApproval, .allow:
            if isHopeless, let mildest {
                return mildest.action == .block
                    ? .block(reason: mildest.refusal) : .simulate(reason: mildest.refusal)
            }
            if options.allSatisfy({ $0.refusal != nil }), let first = options.first?.refusal {
                return .block(reason: first)
            }
            // The gate itself carries out the first option or none.
            guard case .allow = asked, rulings.first?.action ?? .allow == .allow else { return .requireApproval }
            return asked
        }
    }
}

extension AppliedPolicy {
    /// Why something is not carried out, for the agent and for people.
    var refusal: String {
        let what = action == .block ? "blocked" : "only simulated"
        let missing = undecided.isEmpty ? "" : "; not known: \(undecided.joined(separator: ", "))"
        return "\(what) by policy \(label)" + (description.isEmpty ? "" : ": \(description)") + missing
    }
}

extension PolicyDecision {
    /// What came of it, and the sentence that says why.
    init(_ verdict: PolicyVerdict, by policies: [AppliedPolicy]) {
        switch verdict {
        case .allow: self.init(.allow, policies)
        case .requireApproval: self.init(.requireApproval, policies)
        case .simulate(let reason): self.init(decision: .simulate, reason: reason, policies: policies)
        case .block(let reason): self.init(decision: .block, reason: reason, policies: policies)
        }
    }

    private init(_ decision: PolicyAction, _ policies: [AppliedPolicy]) {
        let wanting = policies.filter { $0.action == decision }.map(\.label).joined(separator: ", ")
        self.init(
            decision: decision,
            reason: wanting.isEmpty ? "the first choice is not possible" : "as \(wanting) has it",
            policies: policies
        )
    }
}
