internal import OpsModel

/// Beats at fixed distances and says when it was late.
struct Ticker {
    private var schedule: BeatSchedule
    private var number = 0

    init(period: Duration) { schedule = BeatSchedule(period: period, from: .now) }

    /// Waits for the next beat.
    mutating func wait() async throws -> Tick {
        let beat = schedule.beat(after: .now)
        try await Task.sleep(until: beat, clock: .continuous)
        let late = beat.duration(to: .now)
        defer { number += 1 }
        return Tick(at: .now(), number: number, isStarved: late > .seconds(Tick.tolerance))
    }
}
