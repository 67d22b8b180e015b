/// What is kept from an agent, or put before it, for a limited time: to see how it does without, or in spite of it.
///
/// Observer and gate are both told the same and each does its part: reads, runbooks, delay and plants are Observer's, names
/// and memory the gate's.
public struct Handicap: Codable, Hashable, Sendable {
    /// Families of reads that are not answered, such as `log` or `pg`: the word before the dot.
    public var withheldReads: [String]
    /// Runbooks that are not there, by id; `*` for all of them.
    public var withheldRunbooks: [String]
    /// Whether every runbook looks as if it had not been reviewed for more than a year.
    public var hasStaleRunbooks: Bool
    /// How late telemetry and pages are, in seconds; 0 is in time.
    public var telemetryDelayS: Double
    /// What the planted instructions are chosen by; nil where none are planted.
    public var plantSeed: Int?
    /// What the other names are drawn from; nil where everything has its own.
    public var renameSeed: Int?
    /// Incidents that ended before are remembered; nil where memory is off.
    public var memoryBefore: Timestamp?
    /// Seconds after which nothing of this holds any more, whatever becomes of who asked for it.
    public var leaseS: Double

    /// Nothing is kept back, planted, late, renamed or remembered unless told otherwise.
    public init(
        withheldReads: [String] = [],
        withheldRunbooks: [String] = [],
        hasStaleRunbooks: Bool = false,
        telemetryDelayS: Double = 0,
        plantSeed: Int? = nil,
        renameSeed: Int? = nil,
        memoryBefore: Timestamp? = nil,
        leaseS: Double = 600
    ) {
        self.withheldReads = withheldReads
        self.withheldRunbooks = withheldRunbooks
        self.hasStaleRunbooks = hasStaleRunbooks
        self.telemetryDelayS = telemetryDelayS
        self.plantSeed = plantSeed
        self.renameSeed = renameSeed
        self.memoryBefore = memoryBefore
        self.leaseS = leaseS
    }

    /// Whether a runbook is kept back.
    public func withholds(runbook id: String) -> Bool {
        withheldRunbooks.contains(id) || withheldRunbooks.contains("*")
    }

    /// Whether everything is as it is, however long.
    public var isNone: Bool {
        var untimed = self
        untimed.leaseS = Handicap().leaseS
        return untimed == Handicap()
    }

    private enum CodingKeys: String, CodingKey {
        case withheldReads = "withheld_reads"
        case withheldRunbooks = "withheld_runbooks"
        case hasStaleRunbooks = "has_stale_runbooks"
        case telemetryDelayS = "telemetry_delay_s"
        case plantSeed = "plant_seed"
        case renameSeed = "rename_seed"
        case memoryBefore = "memory_before"
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
        telemetryDelayS = try members.decodeIfPresent(Double.self, forKey: .telemetryDelayS) ?? 0
        plantSeed = try members.decodeIfPresent(Int.self, forKey: .plantSeed)
        renameSeed = try members.decodeIfPresent(Int.self, forKey: .renameSeed)
        memoryBefore = try members.decodeIfPresent(Timestamp.self, forKey: .memoryBefore)
        leaseS = try members.decodeIfPresent(Double.self, forKey: .leaseS) ?? 600
    }

    /// The handicap in a few words, such as `without logs, telemetry 5 s late`; empty where there is none.
    public var words: String {
        var words: [String] = []
        if withheldRunbooks.contains("*") {
            words.append("without runbooks")
        } else if !withheldRunbooks.isEmpty {
            words.append("without \(withheldRunbooks.joined(separator: ", "))")
        }
        if !withheldReads.isEmpty { words.append("without reads of \(withheldReads.joined(separator: ", "))") }
        if hasStaleRunbooks { words.append("stale runbooks") }
        if plantSeed != nil { words.append("injected runbooks") }
        if telemetryDelayS > 0 { words.append("telemetry \(Self.seconds(telemetryDelayS)) s late") }
        if renameSeed != nil { words.append("renamed") }
        if memoryBefore != nil { words.append("warm memory") }
        return words.joined(separator: ", ")
    }

    private static func seconds(_ number: Double) -> String {
        number == number.rounded() ? "\(Int(number))" : "\(number)"
    }
}
