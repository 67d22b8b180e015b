/// By how much a fault may fall short of what was asked for.
///
/// What falls shorter is taken back, as `not_applied`.
struct Tolerance: Hashable, Sendable {
    /// A share of what was asked for, from 0 to 1.
    var share: Double
    /// Whether its target may have less of it to give: then all of that is enough.
    var orWhatIsLeft: Bool

    static let exact = Tolerance(share: 0, orWhatIsLeft: false)
    static let whatIsLeft = Tolerance(share: 0, orWhatIsLeft: true)

    /// Why what was achieved is too little; both in the fault's own unit, nil for what it does not count.
    func refusal(requested: Double?, achieved: Double?, unit: String) -> ChaosError? {
        guard let requested, let achieved else { return nil }
        let least = self.orWhatIsLeft ? min(requested, 1) : requested * (1 - self.share)
        guard achieved < least else { return nil }
        return ChaosError(.notApplied, "\(unit): \(achieved) of \(requested), too few to call it done")
    }

    /// What people read of it; nil when there is nothing to say.
    var line: String? {
        let share = Int((self.share * 100).rounded())
        switch (share > 0, self.orWhatIsLeft) {
        case (false, false): return nil
        case (true, false): return "Within \(share) % of what is asked for."
        case (false, true): return "As much as its target leaves, if that is less."
        case (true, true): return "Within \(share) %, or as much as its target leaves."
        }
    }
}
