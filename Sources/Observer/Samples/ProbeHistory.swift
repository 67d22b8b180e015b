internal import OpsModel

/// How one probe ended last, and how it did in the ten seconds before.
///
/// One probe says little of a way that loses every other packet: whoever is lucky once looks as well as ever.
struct ProbeHistory: Sendable {
    private(set) var newest: Sampled<ProbeOutcome>
    private var ring = TimedRing<Double>(span: 10)

    init(_ first: Sampled<ProbeOutcome>) {
        newest = first
        remember(first)
    }

    /// The longest that one of the last ten seconds took, in milliseconds; nil when none says.
    var slowestMs: Double? { ring.live.map(\.value).max() }

    /// Takes the next one in; the same one seen again changes nothing.
    mutating func append(_ next: Sampled<ProbeOutcome>) {
        guard next.at != newest.at else { return }
        newest = next
        remember(next)
    }

    private mutating func remember(_ sample: Sampled<ProbeOutcome>) {
        if let latency = sample.value.latencyMs { ring.append(latency, at: sample.at) }
    }
}
