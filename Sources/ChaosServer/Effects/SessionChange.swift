import OpsModel
import OpsPostgres
import OpsSystem

/// Database sessions that hold something; recognised by their client name, which nobody else can have.
struct SessionChange: Codable, Hashable, Sendable, Reversible {
    var access: PostgresAccess
    var role: String
    var clientName: String

    var isHeld: Bool { true }
    var before: Fingerprint { .absent }
    var ours: Fingerprint { .of(self.clientName) }
    var mark: FaultMark { FaultMark(.session, self.clientName) }
    var undoing: String { "the session of that very name is ended" }
    var dependence: Dependence { .needsTarget }

    /// The sessions are ended by the statement that finds them, so a process number cannot change its owner in between.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let connection = try self.access.administrator(as: self.access.admin)
        defer { connection.close() }
        switch decide(try self.count(connection) == 0 ? .absent : self.ours) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "the database")
        case .restore: return try self.end(connection)
        }
    }

    private func count(_ connection: SynchronousPostgresConnection) throws(ChaosError) -> Int {
        let rows = try asking { () throws(PostgresError) in
            try connection.query(
                "SELECT pid FROM pg_stat_activity WHERE application_name = $1",
                [.text(self.clientName)]
            )
        }
        return rows.count
    }

    /// All are told first and waited for together: a fault may have many.
    private func end(_ connection: SynchronousPostgresConnection) throws(ChaosError) -> EffectOutcome {
        let limit = BootClock.now() + 3_000_000_000
        while BootClock.now() < limit {
            let ended = try asking { () throws(PostgresError) in
                try connection.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
                    [.text(self.clientName)]
                )
            }
            if ended.isEmpty { return .reverted }
            _ = Descriptors.ready([], milliseconds: 20)
        }
        return .pending(waitsFor: "a session that has been told to end")
    }
}
