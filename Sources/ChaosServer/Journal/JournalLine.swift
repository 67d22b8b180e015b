import OpsModel
import OpsRuntime
import OpsSystem

/// One line of a fault's journal.
struct JournalLine: Codable, Hashable, Sendable {
    var step: FaultStep
    var at: Moment
    /// With `intended`.
    var plan: FaultPlan?
    /// With `armed`: who may apply it.
    var holder: ProcessIdentity?
    /// With `attempted` and `closed`.
    var outcomes: [EffectReport]?
    /// With `verified`: the intensity that was read back.
    var achieved: Double?
    /// With `watched`: when the first journey felt it.
    var effectAt: Timestamp?
    /// Why, in words.
    var note: String?

    init(_ step: FaultStep, at: Moment = .now()) {
        self.step = step
        self.at = at
    }

    private enum CodingKeys: String, CodingKey {
        case step, fence, cause, verdict, at, plan, holder, outcomes, achieved, note, effect
        case effectAt = "effect_at"
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.at = try members.decode(Moment.self, forKey: .at)
        self.plan = try members.decodeIfPresent(FaultPlan.self, forKey: .plan)
        self.holder = try members.decodeIfPresent(ProcessIdentity.self, forKey: .holder)
        self.outcomes = try members.decodeIfPresent([EffectReport].self, forKey: .outcomes)
        self.achieved = try members.decodeIfPresent(Double.self, forKey: .achieved)
        self.effectAt = try members.decodeIfPresent(Timestamp.self, forKey: .effectAt)
        self.note = try members.decodeIfPresent(String.self, forKey: .note)
        switch try members.decode(String.self, forKey: .step) {
        case "intended": self.step = .intended
        case "armed": self.step = .armed(fence: try members.decode(Int.self, forKey: .fence))
        case "applied": self.step = .applied
        case "verified": self.step = .verified
        case "released": self.step = .released
        case "watched": self.step = .watched(try members.decode(FaultEffect.self, forKey: .effect))
        case "closing":
            self.step = .closing(
                fence: try members.decode(Int.self, forKey: .fence),
                cause: try members.decode(EndCause.self, forKey: .cause)
            )
        case "attempted": self.step = .attempted(try members.decode(UndoVerdict.self, forKey: .verdict))
        case "closed": self.step = .closed(try members.decode(UndoVerdict.self, forKey: .verdict))
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .step,
                in: members,
                debugDescription: "unknown step \(other)"
            )
        }
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(self.at, forKey: .at)
        try members.encodeIfPresent(self.plan, forKey: .plan)
        try members.encodeIfPresent(self.holder, forKey: .holder)
        try members.encodeIfPresent(self.outcomes, forKey: .outcomes)
        try members.encodeIfPresent(self.achieved, forKey: .achieved)
        try members.encodeIfPresent(self.effectAt, forKey: .effectAt)
        try members.encodeIfPresent(self.note, forKey: .note)
        try members.encode(self.step.word, forKey: .step)
        switch self.step {
        case .intended, .applied, .verified, .released: break
        case .watched(let effect): try members.encode(effect, forKey: .effect)
        case .armed(let fence): try members.encode(fence, forKey: .fence)
        case .closing(let fence, let cause):
            try members.encode(fence, forKey: .fence)
            try members.encode(cause, forKey: .cause)
        case .attempted(let verdict), .closed(let verdict): try members.encode(verdict, forKey: .verdict)
        }
    }
}

extension FaultStep {
    /// The step's name in the journal.
    var word: String {
        switch self {
        case .intended: "intended"
        case .armed: "armed"
        case .applied: "applied"
        case .verified: "verified"
        case .watched: "watched"
        case .released: "released"
        case .closing: "closing"
        case .attempted: "attempted"
        case .closed: "closed"
        }
    }
}
