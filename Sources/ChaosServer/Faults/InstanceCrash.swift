import Glibc
import OpsModel
import OpsRuntime
import OpsSystem

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

    /// The signal goes through whoever owns the process, and only while it is the incarnation that was planned.
    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let link = TargetSupervisor(change.supervisor)
        guard try link.state(of: change.program).identity == change.process else {
            throw ChaosError(.conflict, "\(change.program) started anew meanwhile", hint: "ask again")
        }
        try link.crash(change.program)
        return try change.waitUntilDown(link) ? 1 : 0
    }
}

extension ProcessChange {
    /// Whether the incarnation that was planned has ended, and nothing else runs but what its supervisor may have begun since.
    func waitUntilDown(_ link: TargetSupervisor) throws(ChaosError) -> Bool {
        let limit = BootClock.now() + 3_000_000_000
        while BootClock.now() < limit {
            let state = try link.state(of: self.program)
            if state.identity != self.process, self.isDown(state) { return true }
            _ = Descriptors.ready([], milliseconds: 20)
        }
        return false
    }

    private func isDown(_ state: ProgramState) -> Bool {
        switch state.phase {
        case .exited, .stopped: true
        case .starting, .running, .backoff: self.manner == .killed && state.pid != self.process.pid
        case .stopping, .fatal, .unknown: false
        }
    }
}
