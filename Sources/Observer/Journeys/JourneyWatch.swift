internal import OpsModel

/// One journey: its series, its rules and whether its page is out.
struct JourneyWatch: Sendable {
    let name: String
    let objective: Double
    private(set) var series = JourneySeries()
    private(set) var lastTrouble: Timestamp?
    private var evaluator: BurnEvaluator
    private var machine: AlertStateMachine
    private(set) var page: Page?

    /// Takes the page that was out when the process before this one ended.
    init(name: String, objective: Double, rules: [BurnRule]? = nil, page: Page? = nil) {
        self.name = name
        self.objective = objective
        evaluator = BurnEvaluator(objective: objective, rules: rules)
        let state = page.map { AlertStateMachine.State.firing(rule: "restored", since: $0.startedAt, healthy: 0) }
        machine = AlertStateMachine(rules: evaluator.rules, state: state ?? .quiet)
        self.page = page
    }

    /// Takes one bucket; returns the page when it goes out or comes back.
    mutating func observe(_ observed: ObservedBucket) -> Page? {
        series.append(observed)
        let bucket = observed.bucket
        let evaluation = evaluator.observe(
            good: bucket.good,
            bad: bucket.bad,
            from: bucket.from,
            isStarved: observed.isStarved
        )
        if !evaluation.holding.isEmpty || page != nil { lastTrouble = observed.end }
        switch machine.observe(evaluation) {
        case .none: return nil
        case .fire(let rule): return fire(rule, at: observed.end)
        case .resolve: return resolve(at: observed.end)
        }
    }

    /// Keeps a bucket that is too old to be judged.
    mutating func recall(_ observed: ObservedBucket) {
        // It was on time for whoever asked then; our own clock says nothing about it.
        series.append(ObservedBucket(bucket: observed.bucket, isStarved: false))
    }

    /// How the journey does over the last so many seconds before its newest bucket's end.
    func status(seconds: Double, now: Timestamp) -> JourneyStatus {
        let sum = series.sum(since: now + -seconds)
        return JourneyStatus(
            journey: name,
            objective: objective,
            windowS: seconds,
            good: sum.good,
            bad: sum.bad,
            ratio: sum.ratio,
            burn: sum.ratio.map { (1 - $0) / max(1 - objective, 0.000_1) },
            p99Ms: sum.end == nil ? nil : sum.p99Ms,
            isStarved: sum.isStarved,
            isFiring: page != nil,
            at: sum.end ?? now
        )
    }

    private mutating func fire(_ rule: String, at moment: Timestamp) -> Page {
        let fired = Page(
            fingerprint: PageFingerprint.of(journey: name),
            journey: name,
            status: .firing,
            summary: PageSummary.firing(name, evaluator.goodShare(of: rule), objective, evaluator.burn(of: rule)),
            goodRatio: evaluator.goodShare(of: rule),
            objective: objective,
            burn: evaluator.burn(of: rule),
            startedAt: moment
        )
        page = fired
        return fired
    }

    private mutating func resolve(at moment: Timestamp) -> Page? {
        evaluator.forget()
        guard var resolved = page else { return nil }
        resolved.status = .resolved
        resolved.endedAt = moment
        resolved.summary = "\(name): the objective holds again"
        page = nil
        return resolved
    }
}
