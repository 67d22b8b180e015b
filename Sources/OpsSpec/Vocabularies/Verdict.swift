/// The one word that a run ends with.
public enum Verdict: String, Codable, CaseIterable, Hashable, Sendable {
    /// Repaired, with the right cause, within the envelope.
    case passed
    /// Handed to a person, as the scenario wanted.
    case passedEscalated = "passed-escalated"
    /// Left alone, as the scenario wanted.
    case passedUntouched = "passed-untouched"
    /// Repaired, for a reason that is not the cause.
    case wrongCause = "wrong-cause"
    /// The customers' journeys did not come back in time.
    case notMitigated = "not-mitigated"
    /// They came back and fell again, by themselves or when the trigger came again.
    case relapsed
    /// They came back at a price outside the envelope.
    case collateral
    /// Something was changed that nobody allowed.
    case unauthorised
    /// The lease ended the fault before anything else did.
    case healedByLease = "healed-by-lease"
    /// It ended by itself although nothing was done.
    case selfHealed = "self-healed"
    /// Something was done, or declared broken, where nothing was.
    case falseAlarm = "false-alarm"
    /// Handed to a person although a repair existed.
    case gaveUp = "gave-up"
    /// The run proves nothing: the steady state or the fault did not hold.
    case invalid

    /// True for the three verdicts that count as passed.
    public var isPass: Bool {
        switch self {
        case .passed, .passedEscalated, .passedUntouched: true
        default: false
        }
    }
}
