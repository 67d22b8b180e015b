/// What Observer keeps from whoever asks it, for a limited time: to see how an agent does without.
public struct Handicap: Codable, Hashable, Sendable {
    /// Families of reads that are not answered, such as `log` or `pg`: the word before the dot.
    public var withheldReads: [String]
    /// Runbooks that are not there, by id; `*` for all of them.
    public var withheldRunbooks: [String]
    /// Whether every runbook looks as if it had not been reviewed for more than a year.
    public var hasStaleRunbooks: Bool
    /// Seconds after which nothing is kept back any more, whatever becomes of who asked for it.
    public var leaseS: Double

    /// Nothing is kept back unless told otherwise.
    public init(
        withheldReads: [String] = [],
        withheldRunbooks: [String] = [],
        hasStaleRunbooks: Bool = false,
        leaseS: Double = 600
    ) {
        self.withheldReads = withheldReads
        self.withheldRunbooks = withheldRunbooks
        self.hasStaleRunbooks = hasStaleRunbooks
        self.leaseS = leaseS
    }

    /// Whether a runbook is kept back.
    public func withholds(runbook id: String) -> Bool {
        withheldRunbooks.contains(id) || withheldRunbooks.contains("*")
    }

    /// Whether anything is kept back.
    public var isNone: Bool { withheldReads.isEmpty && withheldRunbooks.isEmpty && !hasStaleRunbooks }

    private enum CodingKeys: String, CodingKey {
        case withheldReads = "withheld_reads"
        case withheldRunbooks = "withheld_runbooks"
        case hasStaleRunbooks = "has_stale_runbooks"
        case leaseS = "lease_s"
    }
}

extension Handicap {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        withheldReads = try members.decodeIfPresent([String].self, forKey: .withheldReads) ?? []
        withheldRunbooks = try members.decodeIfPresent([String].self, forKey: .withheldRunbooks) ?? []
        hasStaleRunbooks = try members.decodeIfPresent(Bool.self, forKey: .hasStaleRunbooks) ?? false
        leaseS = try members.decodeIfPresent(Double.self, forKey: .leaseS) ?? 600
    }
}
