import OpsModel
import OpsPostgres
import OpsRuntime

/// A role's password is another one than its clients know, and its open sessions are ended.
final class DatabaseCredential: Fault {
    static let description = FaultDescription(
        kind: .databaseCredential,
        path: "/break/db/auth",
        title: "The database no longer accepts the password that a component has.",
        persistence: .condition,
        targets: ["postgres"],
        parameters: [
            Parameter(
                name: "role",
                kind: .name,
                fallback: nil,
                help: "a role whose secret the topology declares; without it the first"
            )
        ],
        yieldsTo: ["any other password of the role"],
        unit: "sessions left",
        mechanism: "the role gets another password; its sessions are ended",
        signs: ["probe.result", "log.code", "call.errors"]
    )

    private let setting: FaultSetting
    private var change: VerifierChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    /// Both verifiers are known here, so that a crash at any later moment leaves one of the two.
    func plan() throws(ChaosError) -> Blueprint {
        let named = self.setting.parameters.text("role")
        let role = named.isEmpty ? self.setting.access.roles.first ?? "" : named
        let access = try self.setting.database()
        guard self.setting.access.roles.contains(role) else {
            throw ChaosError(
                .badParameter,
                "role: the topology declares no secret of \(role)",
                hint: "choose from \(self.setting.access.roles.joined(separator: ", "))"
            )
        }
        let change = try self.change(of: role, access)
        self.change = change
        let resource = SharedResource.role(role, of: self.setting.access.component)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .verifier(change))],
            requested: 0
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let administrator = try change.access.administrator(as: change.clientName)
        defer { administrator.close() }
        try change.apply(administrator)
        try change.verify(administrator)
        return try asking { () throws(PostgresError) in
            let left = try administrator.query(
                "SELECT count(*) AS n FROM pg_stat_activity WHERE usename = $1",
                [.text(change.role)]
            )
            return Double(try left.only().int("n"))
        }
    }

    private func change(of role: String, _ access: PostgresAccess) throws(ChaosError) -> VerifierChange {
        let administrator = try access.administrator(as: access.admin)
        defer { administrator.close() }
        let (old, new, isSuper) = try asking { () throws(PostgresError) in
            let old = try VerifierChange.verifier(of: role, administrator)
            let new = try administrator.scramVerifier(password: Identifier.random(length: 32), user: role)
            let isSuper = try administrator.query("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").only()[
                "rolsuper"
            ]
            return (old, new, isSuper == "t")
        }
        guard let old, old.hasPrefix("SCRAM-SHA-256$") else {
            throw ChaosError(.undoImpossible, "role \(role) has no SCRAM verifier that could be put back")
        }
        guard isSuper, role != access.admin else {
            throw ChaosError(
                .undoImpossible,
                "putting the password of \(role) back needs another role that is superuser"
            )
        }
        return VerifierChange(
            access: access,
            role: role,
            oldVerifier: old,
            newVerifier: new,
            clientName: self.setting.clientName("psql")
        )
    }
}
