import OpsModel
import OpsRuntime

/// One instance freezes: it is up, keeps its sockets, memory and connections, and does nothing.
///
/// By a stop signal where a supervisor has it, by the engine's pause where it is a container: whoever calls it sees the same.
final class InstancePause: Fault {
    static let description = FaultDescription(
        kind: .instancePause,
        path: "/break/api/pause",
        title: "One instance of a component is frozen: up, listening, and silent until it is resumed or restarted.",
        persistence: .event,
        targets: ["http", "worker", "batch"],
        parameters: [],
        yieldsTo: ["a restart by anybody", "being resumed by anybody"],
        unit: "processes",
        mechanism: "SIGSTOP of the process",
        inContainers: "the engine's pause",
        signs: ["process.state", "probe.result"]
    )

    private let setting: FaultSetting
    private var pause: ProcessPause?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let program = try self.setting.runningProgram()
        let pause = ProcessPause(supervisor: program.supervisor, program: program.name, process: program.process)
        self.pause = pause
        let resource = SharedResource.process(pause.program)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .pause(pause))],
            requested: 1
        )
    }

    /// Only while it is the incarnation that was planned.
    func apply() throws(ChaosError) -> Double? {
        guard let pause else { throw ChaosError(.protocolBroken, "apply before plan") }
        let link = TargetSupervisor(pause.supervisor)
        guard try link.state(of: pause.program).identity == pause.process else {
            throw ChaosError(.conflict, "\(pause.program) started anew meanwhile", hint: "ask again")
        }
        try link.pause(pause.program)
        return try pause.waitUntilStill(link) ? 1 : 0
    }
}
