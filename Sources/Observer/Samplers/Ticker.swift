internal import OpsModel

/// Beats at fixed distances and says when it was late.
///
/// A beat that was missed is left out, not made up for.
struct Ticker {
    let period: Duration
    private var next: ContinuousClock.Instant
    private var number = 0

    init(period: Duration) {
        self.period = period
        next = .now
    }

    /// Waits for the next beat.
    mutating func wait() async throws -> Tick {
        try await Task.sleep(until: next, clock: .continuous)
        let late = next.duration(to: .now)
        let tick = Tick(at: .now(), number: number, isStarved: late > .seconds(Tick.tolerance))
        number += 1
        next += period
        while next <= .now { next += period }
        return tick
    }
}
