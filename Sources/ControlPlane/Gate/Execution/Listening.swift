import OpsModel

/// Since when agents could have been heard.
///
/// Whoever could not be heard was not silent. While the store did not answer nobody could be, nor while this process was held
/// still or the clock stood elsewhere: then the time for all claims begins anew.
struct Listening: Hashable, Sendable {
    /// A look that comes this many seconds after the one before, or before it, shows that this process or its clock was away.
    static let absenceS = 2.0

    private(set) var since: Timestamp
    private var lastLook: Timestamp

    init(from now: Timestamp) {
        since = now
        lastLook = now
    }

    /// Notes that this process is awake; call it before each pass over the claims.
    mutating func look(at now: Timestamp) {
        let gap = now - lastLook
        if gap > Self.absenceS || gap < 0 { since = now }
        lastLook = now
    }

    /// Notes that a pass failed.
    mutating func wasDeaf(at now: Timestamp) {
        since = now
        lastLook = now
    }
}
