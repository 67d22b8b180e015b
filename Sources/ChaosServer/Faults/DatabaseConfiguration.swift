import OpsModel
import OpsPostgres
import OpsRuntime

/// A setting of the database lets its sessions only read, and they have been opened anew with it, as after a deployment.
final class DatabaseConfiguration: Fault {
    private static let name = "default_transaction_read_only"
    private static let value = "on"

    static let description = FaultDescription(
        kind: .databaseConfiguration,
        path: "/break/db/config",
        title: "A setting of the database makes it refuse its writers.",
        persistence: .condition,
        targets: ["postgres"],
        parameters: [],
        yieldsTo: ["any other value of the setting"],
        unit: "sessions ended",
        mechanism: "ALTER DATABASE SET for new sessions; those opened before it are ended",
        signs: ["pg.setting_drift", "log.code"]
    )

    private let setting: FaultSetting
    private var change: SettingChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let (name, value) = (Self.name, Self.value)
        guard self.setting.access.settings.contains(name) else {
            throw ChaosError(
                .outOfScope,
                "the topology does not declare \(name) as a setting of \(self.setting.access.component)",
                hint: "config: {\(self.setting.access.component): {settable: …}}"
            )
        }
        let access = try self.setting.database()
        let old = try self.value(of: name, access)
        guard old != value else {
            throw ChaosError(.conflict, "\(name) is \(value) already", hint: "set it back first")
        }
        let change = SettingChange(
            access: access,
            name: name,
            oldValue: old,
            newValue: value,
            clientName: self.setting.clientName("psql")
        )
        self.change = change
        let resource = SharedResource.setting(name, of: self.setting.access.component)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .setting(change))],
            requested: nil
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let administrator = try change.access.administrator(as: change.clientName)
        defer { administrator.close() }
        return Double(try change.apply(administrator))
    }

    /// The undo has to be possible before the effect is.
    private func value(of name: String, _ access: PostgresAccess) throws(ChaosError) -> String? {
        let administrator = try access.administrator(as: access.admin)
        defer { administrator.close() }
        let (isSuper, value) = try asking { () throws(PostgresError) in
            let role = try administrator.query("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").only()
            return (role["rolsuper"] == "t", try SettingChange.value(of: name, administrator))
        }
        guard isSuper else {
            throw ChaosError(.undoImpossible, "the administrator of the database may not change its settings")
        }
        return value
    }
}
