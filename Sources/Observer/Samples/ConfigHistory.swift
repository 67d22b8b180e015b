internal import OpsModel

/// One configuration file as it was seen over time.
struct ConfigHistory: Sendable {
    /// One content of the file.
    struct Version: Hashable, Sendable {
        var hash: String
        /// Values by key; those of secrets are digests.
        var values: [String: String]
        var at: Timestamp
    }

    private(set) var versions: [Version] = []
    /// The content under which the journeys last held for a quarter of a minute.
    private(set) var lastGood: Version?
    /// Why the file cannot be read, if it cannot.
    var failure: String?
    var checkedAt: Timestamp?

    var current: Version? { versions.last }

    /// Takes what the file says now; returns whether it differs from before.
    mutating func observe(_ version: Version, isCalm: Bool) -> Bool {
        checkedAt = version.at
        failure = nil
        guard let current else {
            versions = [version]
            lastGood = version
            return false
        }
        if current.hash == version.hash {
            if isCalm, version.at - current.at > 15 { lastGood = current }
            return false
        }
        versions.append(version)
        if versions.count > 20 { versions.removeFirst() }
        return true
    }

    /// The keys in which two versions differ, each with both values.
    static func difference(_ old: Version, _ new: Version) -> [(key: String, old: String?, new: String?)] {
        Set(old.values.keys).union(new.values.keys).sorted()
            .filter { old.values[$0] != new.values[$0] }
            .map { ($0, old.values[$0], new.values[$0]) }
    }
}
