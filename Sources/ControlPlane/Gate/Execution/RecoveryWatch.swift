import OpsModel

/// Decides whether a repair has helped, from what the journeys say.
///
/// Recovered means that every journey met its objective over a whole window of samples that all began after the last
/// step, none of them starved. Silence proves nothing: a journey without requests keeps the watch waiting.
struct RecoveryWatch: Equatable, Sendable {
    enum Verdict: Equatable, Sendable {
        case wait
        case recovered
        case failed
    }

    var verification: IncidentRecord.Verification

    /// The beginning of the window that counts at this moment: never before the last step.
    func windowStart(at now: Timestamp) -> Timestamp { max(verification.since, now + -verification.windowS) }

    func judge(_ journeys: [JourneyStatus], at now: Timestamp) -> Verdict {
        let isCovered = now - verification.since >= verification.windowS
        if isCovered, !journeys.isEmpty, journeys.allSatisfy({ holds($0, at: now) }) { return .recovered }
        return now >= verification.deadline ? .failed : .wait
    }

    private func holds(_ journey: JourneyStatus, at now: Timestamp) -> Bool {
        let isFresh = now - journey.at < 3
        return isFresh && !journey.isStarved && !journey.isFiring
            && Objective.isHeld(good: journey.good, bad: journey.bad, objective: journey.objective)
    }
}
