import OpsModel
import OpsRuntime

/// One instance ends as if it had crashed.
///
/// Nothing ends it again: what remains is the target's own state.
final class InstanceCrash: Fault {
    static let description = FaultDescription(
        kind: .instanceCrash,
        path: "/break/api/crash",
        title: "One instance of a component is killed; it stays down unless its supervisor starts it again.",
        persistence: .event,
        targets: ["http", "worker", "batch"],
        parameters: [],
        yieldsTo: ["a start by anybody"],
        unit: "processes"
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
