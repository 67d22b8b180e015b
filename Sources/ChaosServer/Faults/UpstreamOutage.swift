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
        unit: "providers",
        mechanism: "the provider's program is stopped",
        inContainers: "the provider's container is stopped",
        signs: ["probe.result", "call.errors"]
    )

    private let program: ProgramDown

    init(_ setting: FaultSetting) {
        var setting = setting
        setting.request.instance = setting.request.instance ?? "primary"
        self.program = ProgramDown(setting)
    }

    func plan() throws(ChaosError) -> Blueprint { try self.program.plan(.keptDown) }

    func apply() throws(ChaosError) -> Double? {
        let change = try self.program.planned()
        let link = TargetSupervisor(change.supervisor)
        try link.stop(change.program)
        return try change.waitUntilDown(link) ? 1 : 0
    }

    func look() throws(ChaosError) -> Presence {
        guard let change = self.program.change else { return .present }
        switch try TargetSupervisor(change.supervisor).state(of: change.program).phase {
        case .running, .starting, .backoff: return .gone
        case .stopped, .stopping, .exited, .fatal, .unknown: return .present
        }
    }

    func reassert() throws(ChaosError) {
        guard let change = self.program.change else { return }
        try TargetSupervisor(change.supervisor).stop(change.program)
    }
}
