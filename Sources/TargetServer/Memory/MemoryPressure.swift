/// Decides whether a process is short of memory: from 95 % of its limit on, until it is back under 90 %.
///
/// Two marks instead of one, because a process that refuses work also frees a little, and would take it on again at once.
struct MemoryPressure: Hashable, Sendable {
    /// Resident memory that the process keeps itself under, in bytes.
    let limit: UInt64
    private(set) var isShort = false

    init(limit: UInt64) { self.limit = limit }

    /// From here on work is refused.
    var high: UInt64 { self.limit / 100 * 95 }

    private var low: UInt64 { self.limit / 100 * 90 }

    /// Takes a reading; says whether it changed anything.
    mutating func read(_ bytes: UInt64) -> Bool {
        let before = self.isShort
        self.isShort = bytes >= self.high || (before && bytes >= self.low)
        return self.isShort != before
    }
}
