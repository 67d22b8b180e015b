import OpsRuntime

/// What a fault holds, what its undo needs, and what it takes away meanwhile.
struct Footprint: Hashable, Sendable {
    var id: String
    var resource: SharedResource
    /// Components that have to answer for its undo.
    var needs: Set<String> = []
    /// Components that do not answer, wholly or in part, while it is on.
    var silences: Set<String> = []

    init(id: String, resource: SharedResource, needs: Set<String> = [], silences: Set<String> = []) {
        self.id = id
        self.resource = resource
        self.needs = needs
        self.silences = silences
    }

    init(_ plan: FaultPlan) {
        self.init(id: plan.id, resource: plan.resource)
        for effect in plan.effects {
            switch effect.change.reversible.dependence {
            case .none: break
            case .needsTarget: self.needs.insert(plan.target)
            case .needs(let other): self.needs.insert(other)
            case .silencesTarget: self.silences.insert(plan.target)
            }
        }
    }

    /// Why this one may not begin beside those that are on; nil when it may.
    ///
    /// Two never touch one resource: the second would take the first one's value for its own `before`. And none takes away
    /// what the undo of another needs, or that undo would wait for as long as the other lasts.
    func conflict(with running: [Footprint]) -> ChaosError? {
        for other in running {
            let hint = "end it first: DELETE /faults/\(other.id)"
            if other.resource == self.resource {
                return ChaosError(.conflict, "fault \(other.id) already holds \(self.resource)", hint: hint)
            }
            if let component = self.silences.intersection(other.needs).min() {
                let message = "the undo of fault \(other.id) needs \(component), which would not answer"
                return ChaosError(.conflict, message, hint: hint)
            }
            if let component = self.needs.intersection(other.silences).min() {
                let message = "its undo needs \(component), which does not answer under fault \(other.id)"
                return ChaosError(.conflict, message, hint: hint)
            }
        }
        return nil
    }
}
