internal import OpsModel

/// How often something happened, second by second, and how often it does when all is well.
struct Activity: Sendable {
    private(set) var firstSeen: Timestamp
    private(set) var lastSeen: Timestamp
    /// Occurrences in times that proved calm.
    private(set) var normal: Int
    private var seconds: [(at: Timestamp, count: Int)] = []
    private var settled = 0

    init(at moment: Timestamp, normal: Int = 0) {
        firstSeen = moment
        lastSeen = moment
        self.normal = normal
    }

    mutating func add(at moment: Timestamp) {
        lastSeen = max(lastSeen, moment)
        if let last = seconds.last, moment - last.at < 1 {
            seconds[seconds.count - 1].count += 1
        } else {
            seconds.append((moment, 1))
        }
    }

    /// Occurrences at or after a moment.
    func count(since moment: Timestamp) -> Int {
        seconds.reversed().prefix { $0.at >= moment }.reduce(0) { $0 + $1.count }
    }

    /// Counts as normal what is older than `age` seconds and had no trouble around it.
    mutating func settle(now: Timestamp, age: Double, isCalm: (Timestamp) -> Bool) {
        while settled < seconds.count, now - seconds[settled].at >= age {
            if isCalm(seconds[settled].at) { normal += seconds[settled].count }
            settled += 1
        }
        guard settled > 128, let first = seconds.first, now - first.at > 900 else { return }
        let old = seconds.prefix(settled).prefix { now - $0.at > 900 }.count
        seconds.removeFirst(old)
        settled -= old
    }
}
