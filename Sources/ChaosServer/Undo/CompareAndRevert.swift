import OpsRuntime

/// Decides what the undo of one effect may do, given what is there now.
///
/// Whoever carries it out must hold the value still between reading it and acting on the decision: a row lock, a rename, a
/// process descriptor. A decision taken on a value that can change meanwhile would overwrite a repair.
struct CompareAndRevert: Hashable, Sendable {
    /// What the undo may do.
    enum Decision: Hashable, Sendable {
        /// Ours is there and nobody has claimed it.
        case restore
        /// Never applied, or undone already.
        case leaveClean
        /// Changed by somebody since: hands off.
        case leaveSuperseded(seen: Fingerprint)
        /// Cannot be read now: try again later.
        case retry
    }

    let before: Fingerprint
    let ours: Fingerprint

    /// Where the resource is not ours alone, a repair that is under way may yet be taken back: until it has come to its end, that
    /// the fault is over is nothing to rely on.
    func decide(live: Fingerprint?, claim: Claim?, isAlone: Bool = true) -> Decision {
        guard let live else { return .retry }
        if let claim, live != self.before, claim.owns(live: live.rawValue) { return .leaveSuperseded(seen: live) }
        if live == self.ours { return .restore }
        if !isAlone, claim?.state == .intended { return .retry }
        return live == self.before ? .leaveClean : .leaveSuperseded(seen: live)
    }
}
