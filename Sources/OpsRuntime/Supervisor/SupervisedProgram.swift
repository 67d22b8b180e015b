/// A program as a supervisor has to know it.
package struct SupervisedProgram: Sendable, Equatable {
    package enum Restart: String, Sendable {
        case never = "false"
        case onFailure = "unexpected"
    }

    package var name: String
    package var command: [String]
    package var account: ServiceAccount
    /// Lower starts earlier and stops later.
    package var priority: Int
    package var restart: Restart = .never
    package var stopSignal = "TERM"
    package var stopWait = 4
    /// The whole group is stopped, unless the program has children that must outlive it.
    package var stopsGroup = true
    /// The one capability that it keeps where root starts it, such as `net_admin`.
    package var capability: String?
    /// Limits for the process itself, as `prlimit` takes them.
    package var limits: [String] = []
}
