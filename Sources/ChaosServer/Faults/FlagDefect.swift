import OpsModel
import OpsPostgres
import OpsRuntime

/// A feature that is not finished is turned on for everybody: what it does wrong is the program's own.
final class FlagDefect: Fault {
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
        let change = try FlagChange.turningOn(flag, flags, clientName: self.setting.clientName("psql"))
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
}
