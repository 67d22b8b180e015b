/// How much agents may do, and what proves a repair.
public struct AutonomySetting: Codable, Hashable, Sendable {
    /// How much an agent may do without a person.
    public var level: Autonomy
    /// How long all journeys have to hold after a repair, in seconds.
    public var windowS: Double?
    /// The actions that level `auto` may run without asking.
    public var automatic: [String]?
    /// How long a person has to decide, in seconds; questions that are asked already keep their time.
    public var approvalTimeoutS: Double?

    /// How long the gate waits after a person's yes before anything begins, in seconds: so long it can be taken back.
    public var holdS: Double?

    /// What may be set as ``approvalTimeoutS``.
    public static let approvalTimeoutLimits: ClosedRange<Double> = 5...3_600
    /// What may be set as ``holdS``: a signed grant has to outlive it.
    public static let holdLimits: ClosedRange<Double> = 0...30

    /// Puts the parts together as given.
    public init(
        level: Autonomy,
        windowS: Double? = nil,
        automatic: [String]? = nil,
        approvalTimeoutS: Double? = nil,
        holdS: Double? = nil
    ) {
        self.level = level
        self.windowS = windowS
        self.automatic = automatic
        self.approvalTimeoutS = approvalTimeoutS
        self.holdS = holdS
    }

    private enum CodingKeys: String, CodingKey {
        case level
        case windowS = "window_s"
        case automatic
        case approvalTimeoutS = "approval_timeout_s"
        case holdS = "hold_s"
    }
}
