import Synchronization

/// The gate's sessions, in its memory: after a restart clients are told 404 and begin anew.
final class SessionRegistry: Sendable {
    private let table: Mutex<SessionTable>

    init(_ table: SessionTable = SessionTable()) { self.table = Mutex(table) }

    /// Changes or reads the table.
    func with<Value: Sendable>(_ body: (inout SessionTable) -> Value) -> Value { table.withLock { body(&$0) } }
}
