internal import OpsModel

/// Everything that the samplers know at one moment, as one value.
///
/// Samplers write their part, reads get a copy: an answer never mixes two moments, and a test builds a world by hand.
struct World: Sendable {
    var journeys: [String: JourneyWatch] = [:]
    var probes: [ProbePath: ProbeHistory] = [:]
    var scrapes: [String: ScrapeHistory] = [:]
    var processes: [String: ProcessHistory] = [:]
    var logs = LogBook()
    var postgres = PostgresBook()
    var changes = ChangeBook()
    var configs: [String: ConfigHistory] = [:]
    var baselines = BaselineBook()
    /// By instance, in seconds by which its clock is ahead of ours.
    var clocks: [String: Sampled<Double>] = [:]
    var directories: [String: Sampled<DirectoryUse>] = [:]
    /// How orders and charges agree, where customers keep a ledger.
    var ledger: Sampled<LedgerAgreement>?

    /// Takes in how a probe ended.
    mutating func note(_ outcome: Sampled<ProbeOutcome>, at path: ProbePath) {
        probes[path, default: ProbeHistory(outcome)].append(outcome)
    }

    /// The last time that any journey burnt; nothing learnt around it counts as normal.
    var lastTrouble: Timestamp? { journeys.values.compactMap(\.lastTrouble).max() }

    /// Whether no journey burns now and none did in the last so many seconds.
    func isCalm(at now: Timestamp, for seconds: Double = 15) -> Bool {
        guard !journeys.values.contains(where: { $0.page != nil }) else { return false }
        return lastTrouble.map { now - $0 > seconds } ?? true
    }
}
