import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem

/// Sessions of one role that take every slot of the server and do nothing with them.
///
/// Whoever is connected would go on as before, so the application's sessions are ended once, as a broken network ends them,
/// and what comes free is taken before they are back. Ending these sessions is a repair: what was lost is taken again only where that is
/// asked for, and then only while the program runs whose sessions they look like. Stopping that comes first there.
final class DatabaseConnections: Fault {
    static let description = FaultDescription(
        kind: .databaseConnections,
        path: "/break/db/connections",
        title: "One role's idle sessions leave no connection to anybody else.",
        persistence: .held,
        targets: ["postgres"],
        parameters: [
            Parameter(
                name: "again",
                kind: .flag,
                fallback: false,
                help: "takes what it lost again for as long as the culprit's program runs"
            )
        ],
        yieldsTo: ["the end of its sessions, once its program is down where it takes them again"],
        unit: "sessions",
        tolerance: .whatIsLeft,
        mechanism: "idle sessions of one role in every slot that is not kept for administrators",
        signs: ["pg.connections_ratio", "pg.top_owner", "log.code"]
    )

    /// More than this are not opened, whatever the server allows: each is a process of the server.
    private static let most = 200
    /// The application comes back between two looks; it is over when none of its sessions is left.
    private static let patience: UInt64 = 6_000_000_000

    private let setting: FaultSetting
    private var sessions: [SynchronousPostgresConnection] = []
    /// How many there were when all slots were taken.
    private var wanted = 0

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let access = try self.setting.database()
        let administrator = try access.administrator(as: access.admin)
        defer { administrator.close() }
        let slots = try self.slots(administrator)
        if self.isReturning, self.setting.access.jobs[self.setting.culprit] == nil {
            throw ChaosError(
                .badParameter,
                "again: \(self.setting.culprit) is no batch job that needs \(self.setting.access.component)",
                hint: "bind the role culprit to one"
            )
        }
        let resource = SharedResource.sessions(of: self.setting.access.component)
        let change = SessionChange(access: access, role: self.setting.culprit, clientName: self.clientName)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .session(change))],
            requested: Double(slots)
        )
    }

    func apply() throws(ChaosError) -> Double? {
        let access = try self.setting.database()
        let administrator = try access.administrator(as: access.admin)
        defer { administrator.close() }
        let limit = BootClock.now() + Self.patience
        try self.fill(access)
        while try self.displace(administrator) > 0 {
            guard BootClock.now() < limit else {
                throw ChaosError(.notApplied, "the application was quicker each time", hint: "with fewer customers")
            }
            try self.fill(access)
        }
        administrator.close()
        try self.fillLast(access)
        self.wanted = self.sessions.count { $0.isAlive() }
        return Double(self.wanted)
    }

    /// The administrator's own session has kept one of the slots, which comes free a moment after it is closed.
    private func fillLast(_ access: PostgresAccess) throws(ChaosError) {
        let (limit, count) = (BootClock.now() + 500_000_000, self.sessions.count)
        while self.sessions.count == count, BootClock.now() < limit { try self.fill(access) }
    }

    /// Released by whoever ended them all; while some are there, so is what is left of the effect.
    func look() throws(ChaosError) -> Presence {
        let count = self.sessions.count { $0.isAlive() }
        // Where a few are missing somebody else was given a slot that came free.
        if self.isReturning, count < self.wanted * 9 / 10, try self.isCulpritUp() { return .gone }
        return count > 0 ? .present : .released
    }

    /// A part at a time: whoever watches this process must not wait long for it.
    func reassert() throws(ChaosError) {
        let access = try self.setting.database()
        let administrator = try access.administrator(as: access.admin, within: .milliseconds(300))
        defer { administrator.close() }
        self.sessions.removeAll { !$0.isAlive() }
        let limit = BootClock.now() + 700_000_000
        repeat {
            try self.fill(access, until: limit)
        } while try self.displace(administrator) > 0 && BootClock.now() < limit
    }

    private var isReturning: Bool { self.setting.parameters.flag("again") }

    private func isCulpritUp() throws(ChaosError) -> Bool {
        guard let supervisor = self.setting.access.supervisor else { return false }
        let control = TargetSupervisor(supervisor)
        for program in self.setting.access.jobs[self.setting.culprit] ?? [] {
            if try control.state(of: program).phase == .running { return true }
        }
        return false
    }

    func release() {
        for session in self.sessions { session.close() }
        self.sessions = []
    }

    private func fill(_ access: PostgresAccess, until limit: UInt64 = .max) throws(ChaosError) {
        while self.sessions.count < Self.most, BootClock.now() < limit {
            let session = try access.sessionIfRoom(self.setting.culprit, as: self.clientName, options: self.options)
            guard let session else { return }
            self.sessions.append(session)
        }
    }

    /// Ends the sessions of the application's roles, those of the culprit's own program too, and says how many there were.
    private func displace(_ administrator: SynchronousPostgresConnection) throws(ChaosError) -> Int {
        try asking { () throws(PostgresError) in
            try administrator.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE usename = ANY ($1) AND application_name <> $2 AND datname = current_database()
                """,
                [.textArray(self.setting.access.roles + [self.setting.culprit]), .text(self.clientName)]
            ).count
        }
    }

    /// How many an ordinary role may have, once it is known that the flood and its undo are possible.
    private func slots(_ administrator: SynchronousPostgresConnection) throws(ChaosError) -> Int {
        let row = try asking { () throws(PostgresError) in
            try administrator.query(
                """
                SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS can_end,
                       (SELECT rolcanlogin AND NOT rolsuper AND rolconnlimit < 0
                          FROM pg_roles WHERE rolname = $1) AS can_fill,
                       current_setting('superuser_reserved_connections')::int AS reserved,
                       current_setting('max_connections')::int
                         - current_setting('superuser_reserved_connections')::int AS slots
                """,
                [.text(self.setting.culprit)]
            ).only()
        }
        let (reserved, slots) = try asking { () throws(PostgresError) in (try row.int("reserved"), try row.int("slots"))
        }
        guard row["can_end"] == "t", reserved > 0 else {
            throw ChaosError(.undoImpossible, "no slot is kept for an administrator who could end the sessions")
        }
        guard row["can_fill"] == "t" else {
            throw ChaosError(
                .badTarget,
                "role \(self.setting.culprit) may not open as many sessions as there are slots"
            )
        }
        guard slots <= Self.most else {
            throw ChaosError(.unsupported, "the server has \(slots) slots", hint: "up to \(Self.most) are taken")
        }
        return slots
    }

    private var clientName: String { self.setting.clientName(ofProgram: self.setting.culprit) }

    /// The server ends what stays idle for as long as the lease.
    private var options: [String: String] { ["idle_session_timeout": "\(Int(self.setting.leaseS * 1_000))"] }
}
