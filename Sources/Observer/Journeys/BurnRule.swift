/// When a journey burns its error budget so fast that a person has to know.
///
/// A rule holds while every one of its windows has too large a share of bad requests and the first one has enough of them
/// to be no accident. Several lengths at once are what keeps a rule quick and quiet: the short window says "now", the long
/// one "really" (the multi-window burn rate of the SRE workbook, scaled down to seconds).
struct BurnRule: Hashable, Sendable {
    /// A look back of so many seconds, too bad at so large a share.
    struct Window: Hashable, Sendable {
        var seconds: Double
        /// Bad share at or above which the window burns, 0 to 1.
        var share: Double
    }

    var name: String
    /// The deciding window first, then those that have to agree with it.
    var windows: [Window]
    /// Bad requests that the first window must hold.
    var minimumBad: Int
    /// Samples in a row on which the rule must hold before it fires.
    var consecutive: Int
}

extension BurnRule {
    /// The rules for an objective: one for hard faults, one for partial ones, one for a slow burn.
    ///
    /// The shares are floors or multiples of the budget, whichever is larger. The table in `docs/services/observer.md`
    /// says what they cost in false pages and what they gain in time to detect.
    static func standard(objective: Double) -> [BurnRule] {
        let budget = max(1 - objective, 0.000_1)
        return [
            BurnRule(
                name: "hard",
                windows: [
                    Window(seconds: 2, share: max(0.1, 4 * budget)), Window(seconds: 10, share: max(0.02, 2 * budget)),
                ],
                minimumBad: 6,
                consecutive: 2
            ),
            BurnRule(
                name: "partial",
                windows: [
                    Window(seconds: 8, share: max(0.03, 3 * budget)), Window(seconds: 2, share: max(0.02, 2 * budget)),
                ],
                minimumBad: 9,
                consecutive: 2
            ),
            BurnRule(
                name: "slow",
                windows: [Window(seconds: 60, share: 2.5 * budget), Window(seconds: 10, share: 1.5 * budget)],
                minimumBad: 24,
                consecutive: 4
            ),
        ]
    }
}
