import OpsModel

@testable import ControlPlane

/// What just happens: time passes and is noticed, pages clear and come back, journeys prove a repair or do not.
extension GateModel {
    var surroundings: [Step] {
        var steps: [Step?] = [
            decided("the ticker sees a late question", { $0.ticked() }),
            decided("the ticker sees a silent agent", { $0.released(listeningSince: Self.start) }),
        ]
        if left.ticks > 0 {
            steps.append(
                changed("time passes") {
                    $0.left.ticks -= 1
                    $0.clock += 1
                }
            )
        }
        if left.pages > 0, !record.isFinal { steps.append(page) }
        if record.verification != nil {
            steps.append(decided("the journeys hold", { $0.verified(true) }))
            steps.append(decided("the journeys do not hold", { unproven($0) }))
        }
        return steps.compactMap(\.self)
    }

    private func unproven(_ machine: IncidentStateMachine) -> IncidentChange? {
        var change = machine.verified(false)
        if mutant == .forgetsTheAllClear { change?.record.incident.state = .diagnosing }
        return change
    }

    private var page: Step? {
        let next: PageStatus = record.incident.pages[0].status == .firing ? .resolved : .firing
        return decided(
            "the page is \(next.rawValue)",
            { $0.paged(IncidentStory.page(next)) },
            and: { $0.left.pages -= 1 }
        )
    }
}
