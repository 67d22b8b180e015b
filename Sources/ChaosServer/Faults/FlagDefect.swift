import OpsModel
import OpsPostgres
import OpsRuntime

/// A feature that is not finished is turned on for everybody: what it does wrong is the program's own.
final class FlagDefect: Fault {
    /// By whom it is said to have been turned: the people who turn flags have this role.
    private static let person = "operator"

    static let description = FaultDescription(
        kind: .flagDefect,
        path: "/break/api/errors",
        title: "A feature flag is on, and the program is not ready for it.",
        persistence: .condition,
        targets: ["http"],
        parameters: [
            Parameter(name: "flag", kind: .name, fallback: "", help: "a flag of the target's that is off")
        ],
        yieldsTo: ["any other value of the flag, the same one given again included"],
        unit: "flags on",
        mechanism: "the row of a feature flag is written, by which the programs run their own unfinished code",
        signs: ["change.recent", "journey.failures_by", "log.new_templates"]
    )

    private let setting: FaultSetting
    private var change: FlagChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let flag = self.setting.parameters.text("flag")
        guard let flags = self.setting.access.flags else {
            throw ChaosError(
                .badTarget,
                "\(self.setting.access.component) goes by no flags",
                hint: "the topology says where flags are, under state.flags, and who needs that database"
            )
        }
        let change = try self.change(of: flag, flags)
        self.change = change
        let resource = SharedResource.flag(flag, of: flags.database)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .flag(change))],
            requested: 1
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let administrator = try change.flags.access.administrator(as: change.clientName)
        defer { administrator.close() }
        try change.apply(administrator)
        return 1
    }

    /// Both values are known here, so that a crash at any later moment leaves one of the two.
    private func change(of flag: String, _ flags: FlagTable) throws(ChaosError) -> FlagChange {
        let administrator = try flags.access.administrator(as: flags.access.admin)
        defer { administrator.close() }
        let (values, now) = try asking { () throws(PostgresError) in
            let values = try administrator.query(flags.sql.all).map { row in (row["name"] ?? "", FlagValue { row[$0] })
            }
            return (values, try administrator.query(DatabaseSettingSQL.now).only().string("moment"))
        }
        guard let old = values.first(where: { $0.0 == flag })?.1 else {
            let off = values.filter { $0.1?.isEnabled == false }.map(\.0)
            let message = flag.isEmpty ? "flag: say which" : "flag: there is no \(flag)"
            throw ChaosError(.badParameter, message, hint: "these are off: \(off.joined(separator: ", "))")
        }
        guard !old.isEnabled else {
            throw ChaosError(.conflict, "\(flag) is on already", hint: "turn it off first")
        }
        return FlagChange(
            flags: flags,
            flag: flag,
            oldValue: old,
            newValue: FlagValue(isEnabled: true, updatedAt: now, updatedBy: Self.person),
            clientName: self.setting.clientName("psql")
        )
    }
}
