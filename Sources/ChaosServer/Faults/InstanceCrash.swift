import OpsModel

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
        unit: "processes",
        mechanism: "kill -9 of the process",
        inContainers: "kill -9 of the container's first process, from within",
        signs: ["process.state", "probe.result"]
    )

    private let program: ProgramDown

    init(_ setting: FaultSetting) { self.program = ProgramDown(setting) }

    func plan() throws(ChaosError) -> Blueprint { try self.program.plan(.killed) }
    func apply() throws(ChaosError) -> Double? { try self.program.planned().crash() ? 1 : 0 }
}
