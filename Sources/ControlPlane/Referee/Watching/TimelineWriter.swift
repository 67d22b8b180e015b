import OpsModel

/// Draws a run over time, from what the referee did, what the incidents say, and what customers lived.
struct TimelineWriter: Sendable {
    /// The run's beginning.
    var began: Timestamp
    private var moments: [(at: Timestamp, type: String, message: String)] = []

    init(began: Timestamp) { self.began = began }

    /// Notes something that the referee did, or saw.
    mutating func note(_ type: String, _ message: String, at moment: Timestamp = .now()) {
        moments.append((moment, "run.\(type)", message))
    }

    func timeline(events: [IncidentEvent], watch: JourneyWatch) -> RunTimeline {
        let told = moments + events.map { ($0.at, $0.type, $0.message) }
        return RunTimeline(
            moments: told.map { RunMoment(atS: rounded($0.at - began), type: $0.type, message: $0.message) }
                .sorted { $0.atS < $1.atS },
            journeys: watch.objectives.sorted { $0.key < $1.key }.map { trace($0.key, $0.value, watch) }
        )
    }

    private func trace(_ journey: String, _ objective: Double, _ watch: JourneyWatch) -> JourneyTrace {
        let own = watch.buckets.map(\.bucket).filter { $0.journey == journey }
        let seconds = Dictionary(grouping: own) { Int(($0.from - began).rounded(.down)) }
        guard let first = seconds.keys.min(), let last = seconds.keys.max() else {
            return JourneyTrace(journey: journey, objective: objective, fromS: 0, good: [])
        }
        let shares = (first...last).map { second -> Double? in
            let good = (seconds[second] ?? []).reduce(0) { $0 + $1.good }
            let bad = (seconds[second] ?? []).reduce(0) { $0 + $1.bad }
            return good + bad > 0 ? (Double(good) / Double(good + bad) * 1_000).rounded() / 1_000 : nil
        }
        return JourneyTrace(journey: journey, objective: objective, fromS: first, good: shares)
    }

    private func rounded(_ seconds: Double) -> Double { (seconds * 10).rounded() / 10 }
}
