import OpsModel
import OpsRuntime

/// The database server ends as if it had crashed, and all its sessions with it.
///
/// Nothing ends it again. What was committed is in its log, which it replays when somebody starts it.
final class DatabaseCrash: Fault {
    static let description = FaultDescription(
        kind: .databaseCrash,
        path: "/break/db/crash",
        title: "The database server is killed; it stays down unless its supervisor starts it again.",
        persistence: .event,
        targets: ["postgres"],
        parameters: [],
        yieldsTo: ["a start by anybody"],
        unit: "servers"
    )

    private let setting: FaultSetting
    private var change: ProcessChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let change = try self.setting.processChange(.killed)
        self.change = change
        let resource = SharedResource.process(change.program)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .process(change))],
            requested: 1
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        return try change.crash() ? 1 : 0
    }
}
