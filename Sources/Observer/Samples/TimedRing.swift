internal import OpsModel

/// The newest values of one series, each with its time; older ones fall out by age.
struct TimedRing<Value: Sendable>: Sendable {
    /// A value and when it was seen.
    struct Entry: Sendable {
        var at: Timestamp
        var value: Value
    }

    /// Seconds that a value stays.
    let span: Double
    private(set) var entries: [Entry] = []
    private var head = 0

    init(span: Double) { self.span = span }

    /// The values still inside the span, oldest first.
    var live: ArraySlice<Entry> { entries[head...] }

    var newest: Entry? { head < entries.count ? entries[entries.count - 1] : nil }

    mutating func append(_ value: Value, at moment: Timestamp) {
        entries.append(Entry(at: moment, value: value))
        dropOlder(than: moment + -span)
    }

    /// The values seen at or after a moment, oldest first.
    func since(_ moment: Timestamp) -> ArraySlice<Entry> {
        var low = head
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].at < moment { low = middle + 1 } else { high = middle }
        }
        return entries[low...]
    }

    /// Moves the head now and copies seldom, so that an append stays cheap.
    private mutating func dropOlder(than moment: Timestamp) {
        while head < entries.count, entries[head].at < moment { head += 1 }
        guard head > 64, head * 2 > entries.count else { return }
        entries.removeFirst(head)
        head = 0
    }
}
