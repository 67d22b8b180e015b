/// Decides whether a process is short of something that it has a limit of: from 95 % of the limit on, until it is back under 90 %.
///
/// Two marks instead of one, because a process that refuses work also frees a little, and would take it on again at once.
struct LimitPressure: Hashable, Sendable {
    /// What the process keeps itself under, in bytes or as a number of things.
    let limit: UInt64
    private(set) var isShort = false

    init(limit: UInt64) { self.limit = limit }

    /// From here on work is refused.
    var high: UInt64 { self.limit * 95 / 100 }

    private var low: UInt64 { self.limit * 90 / 100 }

    /// Takes a reading; says whether it changed anything.
    mutating func read(_ amount: UInt64) -> Bool {
        let before = self.isShort
        self.isShort = amount >= self.high || (before && amount >= self.low)
        return self.isShort != before
    }
}
