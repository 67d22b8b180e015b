import OpsModel

/// What a clock on the wall of one place shows.
struct LocalTime: Hashable, Sendable {
    let day: CivilDay
    /// Minutes since midnight.
    let minute: Int

    /// Seconds since 1970-01-01T00:00 of that clock.
    init(seconds: Int) {
        self.day = CivilDay(number: seconds.flooredQuotient(86_400))
        self.minute = seconds.flooredRemainder(86_400) / 60
    }

    init(_ moment: Timestamp, in zone: ZoneRules) { self.init(seconds: zone.local(moment.wholeSeconds)) }

    var weekday: Weekday { Weekday.allCases[self.day.weekday] }
}

extension WeeklyWindow {
    func contains(_ time: LocalTime) -> Bool { self.contains(time.weekday, minute: time.minute) }
}

extension Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    var wholeSeconds: Int { Int(self.microseconds).flooredQuotient(1_000_000) }

    init(wholeSeconds: Int) { self.init(microseconds: Int64(wholeSeconds) * 1_000_000) }
}
