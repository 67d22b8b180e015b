internal import OpsModel

/// The server's settings, and those of roles and databases, against what they were.
struct SettingBook: Sendable {
    /// One setting that is not what it was.
    struct Drift: Hashable, Sendable {
        var name: String
        var baseline: String?
        var live: String?
        var role: String?
    }

    /// `name`, or `name@role` for a setting of a role or database, to its value.
    private(set) var baseline: [String: String] = [:]
    private(set) var live: [String: String] = [:]
    private(set) var sampledAt: Timestamp?

    /// The first look is the baseline.
    mutating func observe(_ settings: [String: String], at now: Timestamp) {
        if sampledAt == nil, baseline.isEmpty { baseline = settings }
        live = settings
        sampledAt = now
    }

    /// Takes over the baseline of an earlier process.
    mutating func restore(baseline: [String: String]) { self.baseline = baseline }

    var drifts: [Drift] {
        Set(baseline.keys).union(live.keys).sorted().filter { baseline[$0] != live[$0] }.map { key in
            let parts = key.split(separator: "@", maxSplits: 1).map(String.init)
            return Drift(
                name: parts[0],
                baseline: baseline[key],
                live: live[key],
                role: parts.count > 1 ? parts[1] : nil
            )
        }
    }
}
