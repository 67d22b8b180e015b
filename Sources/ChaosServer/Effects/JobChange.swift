import OpsModel
import OpsPostgres
import OpsRuntime

/// A job of ours in a queue of the target.
///
/// Its id was drawn from the queue's own sequence before anything was recorded, so nobody else has it.
struct JobChange: Codable, Hashable, Sendable, Reversible {
    var queue: QueueAccess
    var id: Int
    var kind: String
    var payload: String
    /// The holder's own session: it must be gone before anything is compared.
    var clientName: String

    var before: Fingerprint { .absent }
    var ours: Fingerprint { Self.fingerprint(kind: self.kind, payload: self.payload) }
    var mark: FaultMark { FaultMark(.job, "\(self.id)", fingerprint: self.ours.rawValue) }
    var undoing: String { "the job is taken out of the queue, if it is still in it" }
    var dependence: Dependence { .needs(self.queue.component) }

    /// The row is locked from reading it to the commit that takes it away; what was put aside is somebody's repair and stays.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let access = self.queue.database
        let connection = try access.administrator(as: access.admin)
        defer { connection.close() }
        try connection.endSessions(called: self.clientName)
        let live = try self.lockedValue(connection)
        switch decide(live) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "the database")
        case .restore:
            try asking { () throws(PostgresError) in
                try connection.query(self.queue.tables.remove, [.int(self.id)])
                try connection.query("COMMIT")
            }
            return .reverted
        }
    }

    /// Puts the job into the queue.
    func apply(_ connection: SynchronousPostgresConnection) throws(ChaosError) {
        try asking { () throws(PostgresError) in
            _ = try connection.query(self.queue.tables.add, [.int(self.id), .text(self.kind), .text(self.payload)])
        }
    }

    /// The job as it is, held still until the transaction that this begins is over.
    private func lockedValue(_ connection: SynchronousPostgresConnection) throws(ChaosError) -> Fingerprint {
        try asking { () throws(PostgresError) in
            try connection.query("BEGIN")
            if let row = try connection.query(self.queue.tables.lockOne, [.int(self.id)]).first {
                return Self.fingerprint(kind: row["kind"] ?? "", payload: row["payload"] ?? "")
            }
            let aside = try connection.query(self.queue.tables.readAside, [.int(self.id)])
            return aside.isEmpty ? .absent : Fingerprint(rawValue: "put aside")
        }
    }

    private static func fingerprint(kind: String, payload: String) -> Fingerprint { .of("\(kind)\n\(payload)") }
}
