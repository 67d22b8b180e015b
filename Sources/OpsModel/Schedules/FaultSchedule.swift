/// A fault that begins again and again at the times of a cron expression.
public struct FaultSchedule: Codable, Hashable, Sendable {
    /// Its name: small letters, digits, hyphens.
    public var name: String
    /// Five fields: minute, hour, day of month, month, day of week.
    public var cron: String
    /// The time zone of `cron` and `blackouts`, such as `Europe/Berlin`.
    public var timeZone: String
    /// A name of the catalogue.
    public var fault: String
    /// What is broken, how, and for how long.
    public var request: FaultRequest
    /// Seconds by which a due time may be late; later it is missed.
    public var lateToleranceS: Double
    /// When nothing begins, in local time.
    public var blackouts: [WeeklyWindow]
    /// What ends a fault before its lease.
    public var abort: AbortConditions?

    /// Puts the parts together as given.
    public init(
        name: String,
        cron: String,
        timeZone: String = "UTC",
        fault: String,
        request: FaultRequest,
        lateToleranceS: Double = 60,
        blackouts: [WeeklyWindow] = [],
        abort: AbortConditions? = nil
    ) {
        self.name = name
        self.cron = cron
        self.timeZone = timeZone
        self.fault = fault
        self.request = request
        self.lateToleranceS = lateToleranceS
        self.blackouts = blackouts
        self.abort = abort
    }

    private enum CodingKeys: String, CodingKey {
        case name, cron, fault, request, blackouts, abort
        case timeZone = "time_zone"
        case lateToleranceS = "late_tolerance_s"
    }
}

extension FaultSchedule {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        name = try members.decode(String.self, forKey: .name)
        cron = try members.decode(String.self, forKey: .cron)
        timeZone = try members.decodeIfPresent(String.self, forKey: .timeZone) ?? "UTC"
        fault = try members.decode(String.self, forKey: .fault)
        request = try members.decode(FaultRequest.self, forKey: .request)
        lateToleranceS = try members.decodeIfPresent(Double.self, forKey: .lateToleranceS) ?? 60
        blackouts = try members.decodeIfPresent([WeeklyWindow].self, forKey: .blackouts) ?? []
        abort = try members.decodeIfPresent(AbortConditions.self, forKey: .abort)
    }
}
