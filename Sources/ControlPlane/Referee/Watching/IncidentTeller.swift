import OpsModel

/// Turns an incident that grows into news, each told once.
struct IncidentTeller: Sendable {
    private var hasPaged = false
    private var hasLooked = false
    private var diagnoses = 0
    private var steps = 0
    private var hasEscalated = false

    mutating func news(in detail: IncidentDetail) -> [RunEvent] {
        var news: [RunEvent] = []
        if !hasPaged, let page = detail.incident.pages.first {
            hasPaged = true
            news.append(.paged(page))
        }
        if detail.diagnoses.count > diagnoses {
            if !hasLooked {
                hasLooked = true
                news.append(.looked(Self.cited(detail)))
            }
            news += detail.diagnoses.dropFirst(diagnoses).map { .diagnosed($0) }
            diagnoses = detail.diagnoses.count
        }
        let outcomes = detail.proposals.flatMap(\.outcome.steps)
        news += outcomes.dropFirst(steps).map { .stepped($0) }
        steps = outcomes.count
        if !hasEscalated, let escalation = detail.escalation {
            hasEscalated = true
            news.append(.escalated(escalation))
        }
        return news
    }

    /// The answers that the first diagnosis rests on, those for it first.
    private static func cited(_ detail: IncidentDetail) -> [ReadAnswer] {
        guard let diagnosis = detail.diagnoses.first else { return [] }
        let order = diagnosis.evidence + diagnosis.ruledOut.flatMap(\.evidence)
        var seen: Set<String> = []
        return order.filter { seen.insert($0).inserted }.compactMap { name in
            detail.evidence.first { $0.evidence == name }
        }
    }
}
