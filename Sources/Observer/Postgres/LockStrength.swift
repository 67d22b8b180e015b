/// How many other locks a lock keeps out.
enum LockStrength {
    private static let order = [
        "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock",
        "ExclusiveLock", "AccessExclusiveLock",
    ]

    /// The strength of `relation Mode`; unknown modes are the weakest.
    static func of(_ lock: String) -> Int {
        order.firstIndex { lock.hasSuffix(" \($0)") } ?? -1
    }
}
