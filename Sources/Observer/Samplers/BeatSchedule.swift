/// When the beats of a sampler fall, at fixed distances.
///
/// Beats that fall into the look before them are left out, not made up for. They are no delay either: a target that was slow to
/// answer starves nobody.
struct BeatSchedule: Sendable {
    let period: Duration
    private var next: ContinuousClock.Instant
    private var isFirst = true

    /// The first beat falls at the beginning.
    init(period: Duration, from beginning: ContinuousClock.Instant) {
        self.period = period
        next = beginning
    }

    /// The beat to wait for, for whoever is done with the one before.
    mutating func beat(after now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        if !isFirst { while next < now { next += period } }
        isFirst = false
        defer { next += period }
        return next
    }
}
