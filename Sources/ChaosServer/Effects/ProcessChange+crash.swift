import Glibc
import OpsRuntime
import OpsSystem

extension ProcessChange {
    /// Kills the incarnation that was planned, through whoever owns it, and waits until it is down; false when that takes too
    /// long.
    func crash() throws(ChaosError) -> Bool {
        let link = TargetSupervisor(self.supervisor)
        guard try link.state(of: self.program).identity == self.process else {
            throw ChaosError(.conflict, "\(self.program) started anew meanwhile", hint: "ask again")
        }
        try link.crash(self.program)
        return try self.waitUntilDown(link)
    }

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
