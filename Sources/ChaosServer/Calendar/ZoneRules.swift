/// How far a place's clocks are from UTC at each moment; pure, and made of what a time zone file says.
///
/// All moments are whole seconds since 1970-01-01T00:00:00Z, local ones since that time of the clock on the wall.
struct ZoneRules: Hashable, Sendable {
    /// The offset before the first change, in seconds east of UTC.
    let first: Int
    /// When the offset changes, in order.
    let changes: [Change]
    /// What holds behind the last change.
    let rest: RecurringOffset?

    struct Change: Hashable, Sendable {
        var at: Int
        var offset: Int
    }

    static let utc = ZoneRules(first: 0, changes: [], rest: nil)

    /// Seconds east of UTC.
    func offset(at moment: Int) -> Int {
        var (low, high) = (0, self.changes.count)
        while low < high {
            let middle = (low + high) / 2
            if self.changes[middle].at <= moment { low = middle + 1 } else { high = middle }
        }
        if low == self.changes.count, let rest { return rest.offset(at: moment) }
        return low == 0 ? self.first : self.changes[low - 1].offset
    }

    func local(_ moment: Int) -> Int { moment + self.offset(at: moment) }

    /// When the clock on the wall shows a time: once as a rule, twice where it was set back, never where it was set forward.
    ///
    /// Within two days a clock is set once at most.
    func moments(of local: Int) -> LocalMoments {
        let (before, after) = (self.offset(at: local - 86_400), self.offset(at: local + 86_400))
        let moments = Set([local - before, local - after]).filter { self.local($0) == local }.sorted()
        guard moments.isEmpty else { return .shown(moments) }
        return .skipped(at: self.change(between: local - 86_400, and: local + 86_400), length: after - before)
    }

    enum LocalMoments: Hashable, Sendable {
        /// In order, never empty.
        case shown([Int])
        /// The moment at which the clock was set forward over it, by so many seconds.
        case skipped(at: Int, length: Int)
    }

    /// The first moment with another offset than that of `start`; the offset at `end` is another one.
    private func change(between start: Int, and end: Int) -> Int {
        let before = self.offset(at: start)
        var (low, high) = (start, end)
        while high - low > 1 {
            let middle = (low + high) / 2
            if self.offset(at: middle) == before { low = middle } else { high = middle }
        }
        return high
    }
}
