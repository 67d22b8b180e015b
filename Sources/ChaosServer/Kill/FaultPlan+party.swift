import OpsModel

extension FaultPlan {
    /// Whom its undo has to do with: the component that has to answer for it, else the kind of thing that it changes.
    ///
    /// The kill switch takes those of one party back one after the other, in one process: that spares the machine's time when it is
    /// short, and a party that hangs holds up only its own, until whoever watches the latch takes each of them up by itself.
    var undoParty: String {
        for effect in self.effects {
            switch effect.change.reversible.dependence {
            case .needs(let component): return component
            case .needsTarget: return self.target
            case .none, .silencesTarget: break
            }
        }
        return self.effects.first.map { $0.change.reversible.mark.kind.rawValue } ?? self.target
    }
}
