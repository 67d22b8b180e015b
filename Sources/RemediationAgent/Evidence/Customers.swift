internal import OpsModel

/// How customers fare at this moment, which the page of a moment ago does not say.
struct Customers: Sendable {
    let neighbourhood: Neighbourhood
    let board: EvidenceBoard

    /// Seconds that count as now: long enough for some requests, and shorter than it takes a page to clear.
    private static let now = 2

    /// What to ask about one journey.
    static func question(about journey: String) -> ReadQuery {
        ReadQuery(read: "journey.good_ratio", selector: [journey], parameters: ["window_s": .int(now)])
    }

    /// Whether every journey that burnt meets its objective again; what cannot be read, and what has no requests, is not well.
    var areWell: Bool {
        !neighbourhood.journeys.isEmpty && neighbourhood.journeys.allSatisfy(isWell)
    }

    private func isWell(_ journey: String) -> Bool {
        guard let answer = board[Self.question(about: journey)], answer.status == .ok, !answer.isStarved,
            let objective = neighbourhood.view.journeys.first(where: { $0.name == journey })?.objective,
            let good = answer.fields["good"]?.intValue, let bad = answer.fields["bad"]?.intValue
        else { return false }
        return Objective.isHeld(good: good, bad: bad, objective: objective)
    }
}
