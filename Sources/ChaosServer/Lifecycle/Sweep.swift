/// Decides at start which faults of an earlier life have to be taken back: all that are open.
///
/// Whoever watched them is gone or is being replaced, so no lease is waited for, and a record from before the machine's restart
/// least of all: its clock means nothing any more.
struct Sweep: Sendable {
    /// One fault found on disk.
    struct Found: Hashable, Sendable {
        var id: String
        var fault: FaultStateMachine
        var bootID: String
    }

    /// What to do with one of them.
    struct Order: Hashable, Sendable {
        var id: String
        var cause: EndCause
        /// Processes and sessions named in the record belong to another boot: nothing may be signalled.
        var isFromAnotherBoot: Bool
    }

    let bootID: String

    func orders(for found: [Found]) -> [Order] {
        found.filter(\.fault.isOpen).map { item in
            Order(id: item.id, cause: item.fault.cause ?? .sweep, isFromAnotherBoot: item.bootID != self.bootID)
        }
    }
}
