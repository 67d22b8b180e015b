internal import OpsModel

/// Good and bad requests of the last so many seconds, kept as running sums.
struct RollingCount: Sendable {
    let seconds: Double
    private(set) var good = 0
    private(set) var bad = 0
    private var parts: [(from: Timestamp, good: Int, bad: Int)] = []
    private var head = 0

    init(seconds: Double) { self.seconds = seconds }

    /// Bad share of all, 0 without requests.
    var badShare: Double { good + bad == 0 ? 0 : Double(bad) / Double(good + bad) }

    mutating func add(good: Int, bad: Int, from: Timestamp) {
        parts.append((from, good, bad))
        self.good += good
        self.bad += bad
        drop(upTo: from + -seconds)
    }

    /// A part that began at the edge or before lies outside: four halves make two seconds.
    private mutating func drop(upTo edge: Timestamp) {
        while head < parts.count, parts[head].from <= edge {
            good -= parts[head].good
            bad -= parts[head].bad
            head += 1
        }
        guard head > 32, head * 2 > parts.count else { return }
        parts.removeFirst(head)
        head = 0
    }
}
