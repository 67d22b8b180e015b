import OpsModel
import OpsService
import Synchronization

/// Takes down how visits go, the late ones as soon as they are late: a customer does not wait for an answer to know that it
/// is slow, and neither does whoever watches.
final class Audience: Service {
    private let tally: Mutex<Tally>
    private let waiting = Mutex<[Journey: [Verdict]]>([:])
    private let requests: Counter

    init(metrics: MetricsRegistry, journeys: [Journey] = Journey.shop) {
        tally = Mutex(Tally(journeys: journeys))
        requests = metrics.counter("shop_journey_requests_total", "Visits by journey.", labels: ["journey", "result"])
    }

    func begin(_ visit: Visit, at start: ContinuousClock.Instant) -> Verdict {
        begin(visit.journey, by: visit.customer, at: start)
    }

    func begin(_ journey: Journey, by customer: Int, at start: ContinuousClock.Instant) -> Verdict {
        let verdict = Verdict(journey, by: customer, start: start)
        if !journey.keepsOwnTime { waiting.withLock { $0[journey, default: []].append(verdict) } }
        return verdict
    }

    func end(_ verdict: Verdict, _ observation: Observation) {
        if verdict.take() { record(observation, of: verdict.journey) }
    }

    func record(_ observation: Observation, of journey: Journey) {
        requests.add(1, [journey.name, observation.isGood ? "good" : "bad"])
        tally.withLock { $0.record(observation, of: journey, at: .now()) }
    }

    func buckets(after seq: Int) -> [JourneyBucket] { tally.withLock { $0.after(seq, now: .now()) } }

    func run() async throws {
        while !Task.isCancelled {
            sweep(.now)
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// All visits of a journey have the same limit, so the late ones are the first ones.
    private func sweep(_ now: ContinuousClock.Instant) {
        for verdict in waiting.withLock({ Self.takeLate(&$0, now) }) {
            let limit = Double(verdict.journey.limit.milliseconds)
            let late = Observation(isGood: false, code: "slow", customer: verdict.customer, milliseconds: limit)
            end(verdict, late)
        }
    }

    private static func takeLate(_ waiting: inout [Journey: [Verdict]], _ now: ContinuousClock.Instant) -> [Verdict] {
        var late: [Verdict] = []
        for journey in waiting.keys {
            let count = waiting[journey]?.firstIndex { $0.deadline > now } ?? waiting[journey]?.count ?? 0
            late += waiting[journey]?.prefix(count) ?? []
            waiting[journey]?.removeFirst(count)
        }
        return late
    }
}
