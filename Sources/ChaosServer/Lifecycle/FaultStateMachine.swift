import OpsModel

/// Where a fault stands, worked out from the journal lines about it in any order.
///
/// - Important: It only ever moves forward. A line that arrives late, from a process that had been stopped, changes nothing that
///   a later step has decided.
struct FaultStateMachine: Hashable, Sendable {
    private(set) var isIntended = false
    private(set) var isApplied = false
    private(set) var isVerified = false
    private(set) var isReleased = false
    /// Whether customers felt it, as far as that was decided.
    private(set) var effect: FaultEffect?
    /// The highest fence that was armed; nil before arming.
    private(set) var armedFence: Int?
    /// The highest fence of any kind.
    private(set) var fence = 0
    private(set) var cause: EndCause?
    private(set) var lastAttempt: UndoVerdict?
    private(set) var verdict: UndoVerdict?

    init() {}

    init(reading steps: some Sequence<FaultStep>) {
        for step in steps { self.read(step) }
    }

    mutating func read(_ step: FaultStep) {
        switch step {
        case .intended: self.isIntended = true
        case .armed(let fence):
            self.armedFence = max(self.armedFence ?? 0, fence)
            self.fence = max(self.fence, fence)
        case .applied: self.isApplied = true
        case .verified: self.isVerified = true
        case .released: self.isReleased = true
        case .watched(let effect): self.effect = self.effect ?? effect
        case .closing(let fence, let cause):
            self.fence = max(self.fence, fence)
            self.cause = self.cause ?? cause
        case .attempted(let verdict): self.lastAttempt = verdict
        case .closed(let verdict): self.verdict = self.verdict.map { max($0, verdict) } ?? verdict
        }
    }

    /// Whether somebody still has to look after it.
    var isOpen: Bool { self.isIntended && self.verdict == nil }

    /// Whether the holder that was given this fence number may bring the effect into the world.
    func mayApply(fence: Int) -> Bool {
        self.isOpen && self.cause == nil && self.armedFence == fence && self.fence == fence
    }

    /// Whether the guard may promise to end it.
    func canBeArmed(fence: Int) -> Bool { self.mayApply(fence: fence) }

    /// What an absence means: the holder fell with this undo, an earlier undo got half-way, or somebody ended it before.
    func settled(_ outcome: EffectOutcome, isHeld: Bool) -> EffectOutcome {
        switch outcome {
        case .alreadyClean where isHeld && self.isApplied: self.isReleased ? .superseded(seen: .absent) : .reverted
        case .superseded(seen: .absent) where self.cause != nil && !self.isReleased: .reverted
        default: outcome
        }
    }

    /// Whether an undo has raised the fence above everybody who was armed: nobody may apply it any more.
    var isFenced: Bool { self.cause != nil && self.fence > (self.armedFence ?? 0) }

    /// The number that the next undo raises the fence to.
    var nextFence: Int { self.fence + 1 }

    /// The state in the words of the wire.
    var state: FaultState {
        if let verdict { return self.cause == .refused ? .refused : verdict.state }
        if self.cause != nil { return self.lastAttempt?.state ?? .reverting }
        if self.effect == .ineffective { return .ineffective }
        if self.isVerified { return .verified }
        if self.isApplied { return .applied }
        return self.armedFence == nil ? .intended : .armed
    }
}
