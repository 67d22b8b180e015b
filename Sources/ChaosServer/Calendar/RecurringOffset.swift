/// A time zone whose rule is the same every year, as the `TZ` variable of POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct RecurringOffset: Hashable, Sendable {
    /// A day of each year, and the local time of it.
    struct Turn: Hashable, Sendable {
        enum Day: Hashable, Sendable {
            /// The nth weekday of a month, 5 for the last one; 0 is Sunday.
            case weekday(month: Int, week: Int, weekday: Int)
            /// 1 to 365, and 29 February never counts.
            case julian(Int)
            /// 0 to 365.
            case zeroBased(Int)
        }

        var day: Day
        /// Seconds since that day's midnight; may lie outside of the day.
        var time: Int

        /// Seconds since 1970-01-01T00:00 by the local clock.
        func local(in year: Int) -> Int { self.number(in: year) * 86_400 + self.time }

        private func number(in year: Int) -> Int {
            let newYear = CivilDay(year: year, month: 1, day: 1).number
            switch self.day {
            case .zeroBased(let day): return newYear + day
            case .julian(let day):
                return day < 60 ? newYear + day - 1 : CivilDay(year: year, month: 3, day: 1).number + day - 60
            case .weekday(let month, let week, let weekday):
                let first = CivilDay(year: year, month: month, day: 1)
                let next = CivilDay(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1)
                let day = first.number + (weekday - first.weekday).flooredRemainder(7) + (week - 1) * 7
                return day < next.number ? day : day - 7
            }
        }
    }

    /// The part of the year in which clocks are set to something else.
    struct Summer: Hashable, Sendable {
        /// Seconds east of UTC.
        var offset: Int
        /// By the clock of the rest of the year.
        var from: Turn
        /// By the clock of the summer.
        var to: Turn
    }

    /// Seconds east of UTC.
    var standard: Int
    /// Nil where clocks are never set.
    var summer: Summer?

    /// Seconds east of UTC at a moment in whole seconds since 1970-01-01T00:00:00Z.
    func offset(at moment: Int) -> Int {
        guard let summer else { return self.standard }
        let year = CivilDay(number: (moment + self.standard).flooredQuotient(86_400)).year
        let from = summer.from.local(in: year) - self.standard
        let to = summer.to.local(in: year) - summer.offset
        let isSummer = from < to ? (from..<to).contains(moment) : !(to..<from).contains(moment)
        return isSummer ? summer.offset : self.standard
    }
}
