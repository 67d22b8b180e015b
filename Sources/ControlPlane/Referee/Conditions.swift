import OpsModel

/// What a run keeps from its agent or puts before it; names and plants come from the run's own seed unless one is given.
struct Conditions: Hashable, Sendable {
    /// All that no seed decides.
    var handicap = Handicap(leaseS: 900)
    var isRenamed = false
    /// Where the names shall be the same in every run.
    var renameSeed: Int?
    var isPlanted = false
    /// Each scenario is played without the runbooks that know its cause, and whoever does not know has to hand over.
    var isLeaveOneOut = false

    /// What holds in a run with this seed, of a scenario whose cause these runbooks know.
    func handicap(seed: UInt64, knownTo runbooks: [String] = []) -> Handicap {
        var handicap = handicap
        let own = Int(truncatingIfNeeded: seed)
        if isRenamed { handicap.renameSeed = renameSeed ?? own }
        if isPlanted { handicap.plantSeed = own }
        if isLeaveOneOut { handicap.withheldRunbooks += runbooks }
        return handicap
    }
}
