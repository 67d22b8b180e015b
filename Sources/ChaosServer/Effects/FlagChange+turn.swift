import OpsModel
import OpsPostgres
import OpsRuntime

extension FlagChange {
    /// By whom it is said to have been turned: the people who turn flags have this role.
    private static let person = "operator"

    /// Turning a flag on that is off; both values are known here, so that a crash at any later moment leaves one of the two.
    static func turningOn(_ flag: String, _ flags: FlagTable, clientName: String) throws(ChaosError) -> FlagChange {
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
            clientName: clientName
        )
    }
}
