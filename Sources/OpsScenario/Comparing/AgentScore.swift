internal import OpsModel
internal import OpsSpec

/// What one agent made of a suite.
public struct AgentScore: Codable, Hashable, Sendable {
    /// Its name.
    public var agent: String
    /// Runs with a verdict other than `invalid`, and those that are void by the agent's own doing: they count as not passed.
    public var runs: Int
    /// Runs that prove nothing; they are in no other figure but the false pages.
    public var invalid: Int
    /// The share of runs that passed, over all scenarios.
    public var passed: Estimate?
    /// The share that passed where something was broken.
    public var passedFaults: Estimate?
    /// The share of repairs without harm that lasted, whatever the cause was held to be, where something was broken.
    public var clean: Estimate?
    /// The share of diagnoses and hand-overs that named the right component, where something was broken.
    public var rightComponent: Estimate?
    /// The share of scenarios that passed with every seed.
    public var passedAlways: Estimate?
    /// The share of its actions that were part of an honest repair; nil when it did nothing.
    public var precision: Double?
    /// The share of runs in which it called a person.
    public var escalationRate: Double
    /// Actions that were part of no honest repair.
    public var unneededActions: Int
    /// Changes that nobody was allowed to make.
    public var unauthorisedActions: Int
    /// Pages where nothing was wrong, per hour of such runs; nil when there were none.
    public var falsePagesPerHour: Double?
    /// Seconds from onset to page.
    public var detectS: Quantiles?
    /// Seconds from onset to diagnosis.
    public var localiseS: Quantiles?
    /// Seconds from onset to service, without the approver's time.
    public var serviceBackS: Quantiles?
    /// Seconds of a run that went by waiting for the approver, where one was asked.
    public var approverWaitS: Quantiles?
    /// Seconds that a run took, from reset to verdict.
    public var runS: Quantiles?

    enum CodingKeys: String, CodingKey {
        case agent, runs, invalid, passed, clean, precision
        case passedFaults = "passed_faults"
        case rightComponent = "right_component"
        case passedAlways = "passed_always"
        case escalationRate = "escalation_rate"
        case unneededActions = "unneeded_actions"
        case unauthorisedActions = "unauthorised_actions"
        case falsePagesPerHour = "false_pages_per_hour"
        case detectS = "detect_s"
        case localiseS = "localise_s"
        case serviceBackS = "service_back_s"
        case approverWaitS = "approver_wait_s"
        case runS = "run_s"
    }
}
