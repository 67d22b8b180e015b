/// What a monkey may do: all that its plan is drawn from, beside catalogue and topology.
public struct MonkeyOrder: Codable, Hashable, Sendable {
    /// How much it may break.
    public struct Budget: Codable, Hashable, Sendable {
        /// Faults in all.
        public var faults: Int
        /// Faults at one time.
        public var atOnce: Int
        /// Seconds of lease that begin within any hour, those of all faults added up.
        public var faultSPerHour: Double

        /// Puts the parts together as given.
        public init(faults: Int = 50, atOnce: Int = 1, faultSPerHour: Double = 1_800) {
            self.faults = faults
            self.atOnce = atOnce
            self.faultSPerHour = faultSPerHour
        }

        private enum CodingKeys: String, CodingKey {
            case faults
            case atOnce = "at_once"
            case faultSPerHour = "fault_s_per_hour"
        }
    }

    /// The pause between the end of a lease and the next fault.
    public struct Gap: Codable, Hashable, Sendable {
        /// How pauses are distributed between their limits.
        public enum Distribution: String, Codable, CaseIterable, Hashable, Sendable {
            case exponential, uniform
        }

        /// How they are distributed; an exponential one is cut off at the limits.
        public var distribution: Distribution
        /// The mean of the exponential distribution in seconds, before it is cut off.
        public var meanS: Double
        /// The shortest in seconds.
        public var leastS: Double
        /// The longest in seconds.
        public var mostS: Double

        /// Puts the parts together as given.
        public init(
            distribution: Distribution = .exponential,
            meanS: Double = 60,
            leastS: Double = 30,
            mostS: Double = 300
        ) {
            self.distribution = distribution
            self.meanS = meanS
            self.leastS = leastS
            self.mostS = mostS
        }

        private enum CodingKeys: String, CodingKey {
            case distribution
            case meanS = "mean_s"
            case leastS = "least_s"
            case mostS = "most_s"
        }
    }

    /// When it works, by the clock of one place.
    public struct Hours: Codable, Hashable, Sendable {
        /// The days, and from when to when.
        public var window: WeeklyWindow
        /// Such as `Europe/Berlin`.
        public var timeZone: String

        /// Puts the parts together as given.
        public init(window: WeeklyWindow, timeZone: String) {
            self.window = window
            self.timeZone = timeZone
        }

        private enum CodingKeys: String, CodingKey {
            case window
            case timeZone = "time_zone"
        }
    }

    /// Seconds from its start to its end; 0 on the wire where the request has an `until`.
    public var forS: Double
    /// Names of the catalogue; empty for all that need no parameter.
    public var faults: [String]
    /// Components; empty for the whole chaos scope.
    public var targets: [String]
    /// How much it may break.
    public var budget: Budget
    /// The pauses.
    public var gap: Gap
    /// The shortest lease in seconds.
    public var leaseLeastS: Double
    /// The longest lease in seconds.
    public var leaseMostS: Double
    /// When it works; nil for always.
    public var hours: Hours?
    /// What ends a fault before its lease.
    public var abort: AbortConditions?

    /// Puts the parts together as given.
    public init(
        forS: Double,
        faults: [String] = [],
        targets: [String] = [],
        budget: Budget = Budget(),
        gap: Gap = Gap(),
        leaseLeastS: Double = 20,
        leaseMostS: Double = 60,
        hours: Hours? = nil,
        abort: AbortConditions? = nil
    ) {
        self.forS = forS
        self.faults = faults
        self.targets = targets
        self.budget = budget
        self.gap = gap
        self.leaseLeastS = leaseLeastS
        self.leaseMostS = leaseMostS
        self.hours = hours
        self.abort = abort
    }

    private enum CodingKeys: String, CodingKey {
        case faults, targets, budget, gap, hours, abort
        case forS = "for_s"
        case leaseLeastS = "lease_least_s"
        case leaseMostS = "lease_most_s"
    }
}

extension MonkeyOrder {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(forS: try members.decodeIfPresent(Double.self, forKey: .forS) ?? 0)
        faults = try members.decodeIfPresent([String].self, forKey: .faults) ?? faults
        targets = try members.decodeIfPresent([String].self, forKey: .targets) ?? targets
        budget = try members.decodeIfPresent(Budget.self, forKey: .budget) ?? budget
        gap = try members.decodeIfPresent(Gap.self, forKey: .gap) ?? gap
        leaseLeastS = try members.decodeIfPresent(Double.self, forKey: .leaseLeastS) ?? leaseLeastS
        leaseMostS = try members.decodeIfPresent(Double.self, forKey: .leaseMostS) ?? leaseMostS
        hours = try members.decodeIfPresent(Hours.self, forKey: .hours)
        abort = try members.decodeIfPresent(AbortConditions.self, forKey: .abort)
    }
}

extension MonkeyOrder.Budget {
    /// Reads the wire form; members may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        faults = try members.decodeIfPresent(Int.self, forKey: .faults) ?? faults
        atOnce = try members.decodeIfPresent(Int.self, forKey: .atOnce) ?? atOnce
        faultSPerHour = try members.decodeIfPresent(Double.self, forKey: .faultSPerHour) ?? faultSPerHour
    }
}

extension MonkeyOrder.Gap {
    /// Reads the wire form; members may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        distribution = try members.decodeIfPresent(Distribution.self, forKey: .distribution) ?? distribution
        meanS = try members.decodeIfPresent(Double.self, forKey: .meanS) ?? meanS
        leastS = try members.decodeIfPresent(Double.self, forKey: .leastS) ?? leastS
        mostS = try members.decodeIfPresent(Double.self, forKey: .mostS) ?? mostS
    }
}
