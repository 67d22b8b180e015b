import OpsModel
import OpsPostgres
import OpsSystem

/// Another password verifier for a database role.
///
/// Both verifiers are known before the change is made.
struct VerifierChange: Codable, Hashable, Sendable, Reversible {
    var access: PostgresAccess
    var role: String
    var oldVerifier: String
    var newVerifier: String
    /// The holder's own sessions: they must be gone before anything is compared.
    var clientName: String

    var before: Fingerprint { .of(self.oldVerifier) }
    var ours: Fingerprint { .of(self.newVerifier) }
    var mark: FaultMark { FaultMark(.verifier, self.role, fingerprint: self.ours.rawValue) }
    var undoing: String { "the old verifier is put back, if the fault's is still there" }
    var dependence: Dependence { .needsTarget }

    /// The row lock on the role is held from reading the verifier to the commit that replaces it.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let connection = try self.access.administrator(as: self.access.admin)
        defer { connection.close() }
        try connection.endSessions(called: self.clientName)
        let outcome = try asking { () throws(PostgresError) in
            try connection.query("BEGIN")
            let live = try Self.lockedVerifier(of: self.role, connection)
            switch decide(live.map { Fingerprint.of($0) } ?? .absent) {
            case .leaveClean: return EffectOutcome.alreadyClean
            case .leaveSuperseded(let seen): return .superseded(seen: seen)
            case .retry: return .pending(waitsFor: "the database")
            case .restore:
                try Self.set(self.oldVerifier, of: self.role, connection)
                return .reverted
            }
        }
        try asking { () throws(PostgresError) in _ = try connection.query(outcome == .reverted ? "COMMIT" : "ROLLBACK")
        }
        return outcome
    }

    /// Puts the new verifier in place of exactly the old one, and ends the sessions that know the old one only.
    func apply(_ connection: SynchronousPostgresConnection) throws(ChaosError) {
        let isOld = try asking { () throws(PostgresError) in
            try connection.query("BEGIN")
            guard try Self.lockedVerifier(of: self.role, connection) == self.oldVerifier else {
                try connection.query("ROLLBACK")
                return false
            }
            try Self.set(self.newVerifier, of: self.role, connection)
            try connection.query("COMMIT")
            return true
        }
        guard isOld else {
            throw ChaosError(.conflict, "the password of \(self.role) changed meanwhile", hint: "ask again")
        }
        try self.endSessions(connection)
    }

    /// Reads back that whoever knows the old password only is kept out: it is not the role's any more, and a fresh login with it
    /// is refused.
    ///
    /// The login needs the password itself; without a file of it the role's verifier has to do.
    func verify(_ connection: SynchronousPostgresConnection) throws(ChaosError) {
        let live = try asking { () throws(PostgresError) in try Self.verifier(of: self.role, connection) }
        guard live == self.newVerifier else {
            throw ChaosError(.notApplied, "the password of \(self.role) changed meanwhile", hint: "ask again")
        }
        guard try self.access.refusesPassword(of: self.role, as: self.clientName) ?? true else {
            throw ChaosError(
                .notApplied,
                "the database still lets \(self.role) in with the old password",
                hint: "its pg_hba.conf has to ask for one"
            )
        }
    }

    /// All at once, and again for those that were just being opened with the old password.
    private func endSessions(_ connection: SynchronousPostgresConnection) throws(ChaosError) {
        let limit = BootClock.now() + 2_000_000_000
        while BootClock.now() < limit {
            let left = try asking { () throws(PostgresError) in
                try connection.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1",
                    [.text(self.role)]
                ).count
            }
            if left == 0 { return }
            _ = Descriptors.ready([], milliseconds: 20)
        }
        throw ChaosError(.notApplied, "sessions of \(self.role) could not be ended", hint: "see pg_stat_activity")
    }

    static func verifier(of role: String, _ connection: SynchronousPostgresConnection) throws(PostgresError) -> String?
    {
        try connection.query("SELECT rolpassword FROM pg_authid WHERE rolname = $1", [.text(role)]).first?[
            "rolpassword"
        ]
    }

    private static func lockedVerifier(
        of role: String,
        _ connection: SynchronousPostgresConnection
    ) throws(PostgresError) -> String? {
        try connection.query("SELECT rolpassword FROM pg_authid WHERE rolname = $1 FOR UPDATE", [.text(role)])
            .first?["rolpassword"]
    }

    private static func set(
        _ verifier: String,
        of role: String,
        _ connection: SynchronousPostgresConnection
    ) throws(PostgresError) {
        let statement = try connection.query(
            "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text) AS statement",
            [.text(role), .text(verifier)]
        ).only().string("statement")
        try connection.query(statement)
    }
}
