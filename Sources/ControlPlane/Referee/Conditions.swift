import OpsModel

/// What a run keeps from its agent or puts before it; names and plants come from the run's own seed unless one is given.
struct Conditions: Hashable, Sendable {
    /// All that no seed decides.
    var handicap = Handicap(leaseS: 900)
    var isRenamed = false
    /// Where the names shall be the same in every run.
    var renameSeed: Int?
    var isPlanted = false

    /// What holds in a run with this seed.
    func handicap(seed: UInt64) -> Handicap {
        var handicap = handicap
        let own = Int(truncatingIfNeeded: seed)
        if isRenamed { handicap.renameSeed = renameSeed ?? own }
        if isPlanted { handicap.plantSeed = own }
        return handicap
    }
}
