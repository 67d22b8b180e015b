import OpsModel
import OpsPostgres
import OpsRuntime

/// A feature flag that was turned, as anybody with a prompt of the database turns one.
///
/// Both values are known before the change is made, the time included: what somebody turned off and on again has another time,
/// and is not ours any more.
struct FlagChange: Codable, Hashable, Sendable, Reversible {
    var flags: FlagTable
    var flag: String
    var oldValue: FlagValue
    var newValue: FlagValue
    /// The holder's own sessions: they must be gone before anything is compared.
    var clientName: String

    var before: Fingerprint { .of(self.oldValue.description) }
    var ours: Fingerprint { .of(self.newValue.description) }
    var mark: FaultMark { FaultMark(.flag, self.flag, fingerprint: self.ours.rawValue) }
    var undoing: String { "the flag is turned back, if nobody has turned it since" }
    var dependence: Dependence { .needs(self.flags.database) }

    /// The row lock on the flag is held from reading it to the commit that turns it back.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let access = self.flags.access
        let connection = try access.administrator(as: access.admin)
        defer { connection.close() }
        try connection.endSessions(called: self.clientName)
        let live = try self.lockedValue(connection)
        switch decide(live.map { Fingerprint.of($0.description) } ?? .absent) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "the database")
        case .restore:
            try self.set(self.oldValue, connection)
            return .reverted
        }
    }

    /// Puts the new value in place of exactly the old one.
    func apply(_ connection: SynchronousPostgresConnection) throws(ChaosError) {
        guard try self.lockedValue(connection) == self.oldValue else {
            throw ChaosError(.conflict, "\(self.flag) was turned meanwhile", hint: "ask again")
        }
        try self.set(self.newValue, connection)
        let live = try asking { () throws(PostgresError) in
            try connection.query(self.flags.sql.read, [.text(self.flag)]).first
        }
        guard live.flatMap({ row in FlagValue { row[$0] } }) == self.newValue else {
            throw ChaosError(.notApplied, "\(self.flag) did not keep the value that it was given")
        }
    }

    /// The value as it is, held still until the transaction that this begins is over.
    private func lockedValue(_ connection: SynchronousPostgresConnection) throws(ChaosError) -> FlagValue? {
        try asking { () throws(PostgresError) in
            try connection.query("BEGIN")
            return try connection.query(self.flags.sql.lock, [.text(self.flag)]).first.flatMap { row in
                FlagValue { row[$0] }
            }
        }
    }

    private func set(_ value: FlagValue, _ connection: SynchronousPostgresConnection) throws(ChaosError) {
        try asking { () throws(PostgresError) in
            let values = [.text(self.flag)] + value.arguments.map { PostgresValue.text($0) }
            try connection.query(self.flags.sql.write, values)
            _ = try connection.query("COMMIT")
        }
    }
}
