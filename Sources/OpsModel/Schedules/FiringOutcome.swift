/// What became of one due time of a schedule, or of one entry of a monkey's plan.
public enum FiringOutcome: String, Codable, CaseIterable, Hashable, Sendable {
    /// The fault began.
    case began
    /// Its record is on disk and the fault is just beginning.
    case beginning
    /// The injector ended in between; whatever there was of the fault was taken back at the next start.
    case interrupted
    /// It was too late for it, or the kill switch was on.
    case missed
    /// It lay in a blackout window.
    case blackout
    /// It lay outside the working hours.
    case outsideHours = "outside_hours"
    /// The fault before it is not over.
    case overlap
    /// A scored run has a fault open.
    case occupied
    /// A journey broke its objective.
    case unhealthy
    /// The customers could not be asked.
    case unchecked
    /// The injector refused.
    case refused
}
