/// A check that is left out on purpose; the model has to notice each.
enum GateMutant: String, CaseIterable, Sendable {
    /// An approval that is decided may be decided again.
    case decidesTwice
    /// A late yes counts.
    case ignoresExpiry
    /// Who asks may decide.
    case approvesItself
    /// Whoever once had a key may go on speaking.
    case acceptsLapsedKeys
    /// A second question may be asked while the first is open.
    case asksTwice
    /// A proposal prepared before the agents' stop is asked after it.
    case forgetsTheStop
    /// Commands go out without another look at the incident.
    case sendsWithoutLooking
    /// The end of an incident forgets what is under way.
    case forgetsWhatIsUnderWay
    /// That a run goes on is taken for its end.
    case takesRunningForAnEnd
    /// ActionPlane's refusal at the dry run does not stop an approval.
    case approvesTheImpossible
    /// An attempt that came to nothing goes back to its agent although all pages have cleared.
    case forgetsTheAllClear
    /// An approval that is taken back leaves what it started as it was.
    case forgetsTheRevoke
    /// What waits of a paused agent stays as it was.
    case forgetsThePause
    /// A paused agent may ask.
    case asksWhilePaused
}
