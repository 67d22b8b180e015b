import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem

/// Another value of a setting that a database gives to its new sessions; a restart of the server keeps it.
struct SettingChange: Codable, Hashable, Sendable, Reversible {
    var access: PostgresAccess
    var name: String
    /// Nil where the database had none of its own.
    var oldValue: String?
    var newValue: String
    /// The holder's own sessions: they must be gone before anything is compared.
    var clientName: String

    var before: Fingerprint { self.oldValue.map { Fingerprint.of($0) } ?? .absent }
    var ours: Fingerprint { .of(self.newValue) }
    var mark: FaultMark { FaultMark(.setting, self.name, fingerprint: self.ours.rawValue) }
    var undoing: String { "the database gets its old value of it back, if the fault's is still there" }
    var dependence: Dependence { .needsTarget }

    /// Settings are locked from reading the value to the commit that takes it back.
    ///
    /// Sessions that were given ours are ended before it and once more after, so that an undo which dies in between leaves next
    /// to none.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let connection = try self.access.administrator(as: self.access.admin)
        defer { connection.close() }
        try connection.endSessions(called: self.clientName)
        let live = try self.lockedValue(connection)
        switch decide(live.map { Fingerprint.of($0) } ?? .absent) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "the database")
        case .restore:
            let now = try Self.now(connection)
            _ = try Self.end(sessionsBefore: now, connection)
            try self.set(self.oldValue, connection)
            _ = try Self.endSessions(connection)
            return .reverted
        }
    }

    /// Puts the new value in place of exactly the old one, and ends the sessions that have that.
    ///
    /// - Returns: How many sessions were ended.
    func apply(_ connection: SynchronousPostgresConnection) throws(ChaosError) -> Int {
        guard try self.lockedValue(connection) == self.oldValue else {
            throw ChaosError(.conflict, "\(self.name) changed meanwhile", hint: "ask again")
        }
        try self.set(self.newValue, connection)
        return try Self.endSessions(connection)
    }

    /// The value as it is, held still until the transaction that this begins is over.
    private func lockedValue(_ connection: SynchronousPostgresConnection) throws(ChaosError) -> String? {
        try asking { () throws(PostgresError) in
            try connection.query("BEGIN")
            try connection.query(DatabaseSettingSQL.lock)
            return try Self.value(of: self.name, connection)
        }
    }

    private func set(_ value: String?, _ connection: SynchronousPostgresConnection) throws(ChaosError) {
        try asking { () throws(PostgresError) in
            let statement = try connection.query(DatabaseSettingSQL.statement, [.text(self.name), .optional(value)])
            try connection.query(try statement.only().string("statement"))
            _ = try connection.query("COMMIT")
        }
    }

    static func value(of name: String, _ connection: SynchronousPostgresConnection) throws(PostgresError) -> String? {
        try connection.query(DatabaseSettingSQL.read, [.textArray([name])]).first?["value"]
    }

    /// Ends all that began before now, and waits for them.
    ///
    /// Two looks in a row have to find none: a login that is under way has been given its settings before it can be seen.
    private static func endSessions(_ connection: SynchronousPostgresConnection) throws(ChaosError) -> Int {
        let now = try self.now(connection)
        let limit = BootClock.now() + 2_000_000_000
        var (ended, quietLooks) = (0, 0)
        while BootClock.now() < limit {
            let left = try self.end(sessionsBefore: now, connection)
            ended = max(ended, left)
            quietLooks = left == 0 ? quietLooks + 1 : 0
            if quietLooks == 2 { return ended }
            _ = Descriptors.ready([], milliseconds: 50)
        }
        throw ChaosError(
            .notApplied,
            "sessions with the other setting could not be ended",
            hint: "see pg_stat_activity"
        )
    }

    private static func end(
        sessionsBefore moment: String,
        _ connection: SynchronousPostgresConnection
    ) throws(ChaosError) -> Int {
        try asking { () throws(PostgresError) in
            try connection.query(DatabaseSettingSQL.endOlder, [.text(moment)]).count
        }
    }

    private static func now(_ connection: SynchronousPostgresConnection) throws(ChaosError) -> String {
        try asking { () throws(PostgresError) in
            try connection.query(DatabaseSettingSQL.now).only().string("moment")
        }
    }
}
