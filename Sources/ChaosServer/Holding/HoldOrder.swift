import OpsModel

/// Everything a holder needs to know; it arrives on an inherited descriptor, so that nothing shows in the process list.
struct HoldOrder: Codable, Hashable, Sendable {
    var id: String
    /// What all records call it.
    var kind: FaultKind
    var request: FaultRequest
    var access: TargetAccess
    /// The injector's own directory.
    var state: String
    /// Where the guard listens for its peers.
    var guardSocket: String
    var shared: SharedPaths
    var requestedAt: Timestamp
    /// By the boot clock.
    var deadline: UInt64

    /// Whether it only says what it would do.
    var isRehearsal = false

    /// What is done: the fault itself, unless names were exchanged.
    var implementation: FaultKind { FaultCatalog.kind(called: kind, aliasSeed: request.aliasSeed) }
}
