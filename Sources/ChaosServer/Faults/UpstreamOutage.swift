import OpsModel
import OpsRuntime

/// Somebody else's system is not there: whoever starts it again finds it down again within a second.
final class UpstreamOutage: Fault {
    static let description = FaultDescription(
        kind: .upstreamOutage,
        path: "/break/network/upstream",
        title: "A provider that the target calls cannot be reached by anybody.",
        persistence: .condition,
        targets: ["provider"],
        parameters: [],
        yieldsTo: [],
        unit: "providers"
    )

    private let setting: FaultSetting
    private var change: ProcessChange?

    init(_ setting: FaultSetting) {
        var setting = setting
        setting.request.instance = setting.request.instance ?? "primary"
        self.setting = setting
    }

    func plan() throws(ChaosError) -> Blueprint {
        let change = try self.setting.processChange(.keptDown)
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
        let link = TargetSupervisor(change.supervisor)
        try link.stop(change.program)
        return try change.waitUntilDown(link) ? 1 : 0
    }

    func look() throws(ChaosError) -> Presence {
        guard let change else { return .present }
        switch try TargetSupervisor(change.supervisor).state(of: change.program).phase {
        case .running, .starting, .backoff: return .gone
        case .stopped, .stopping, .exited, .fatal, .unknown: return .present
        }
    }

    func reassert() throws(ChaosError) {
        guard let change else { return }
        try TargetSupervisor(change.supervisor).stop(change.program)
    }
}
