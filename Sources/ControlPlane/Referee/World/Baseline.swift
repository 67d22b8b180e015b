import ChaosClient
import GateClient
import OpsModel
import OpsRuntime
import OpsSpec
import OpsSystem

/// The state that every scored run begins with, and the way back to it.
///
/// A reset is the referee's alone and happens between runs: a fault's own undo never does this, because it would overwrite
/// repairs. Database rows come from a template, configuration from a copy, the cache is emptied and fills by itself.
struct Baseline: Sendable {
    private let lab: RefereeLab
    private let copy: BaselineCopy
    private let users: TargetUsers

    init(_ lab: RefereeLab) {
        self.lab = lab
        self.copy = BaselineCopy(
            topology: lab.topology,
            bindings: lab.bindings,
            directory: lab.lab.layout.baseline
        )
        self.users = TargetUsers(lab.topology, lab.bindings)
    }

    /// Brings the target back; five seconds when nothing has to be waited for.
    func restore() async throws {
        try await endFaults()
        try await stopUsers()
        try await copy.restoreDatabase()
        try copy.restoreConfiguration()
        try emptyCaches()
        try emptyClaims()
        try await startUsers()
        try await closeIncidents()
    }

    /// Takes every open fault away, as far as it can be.
    func endFaults() async throws {
        for fault in try await lab.chaos.faults(open: true) { _ = try await lab.chaos.revert(fault.id) }
    }

    /// Ends what the gate still has open; it is about a world that is gone.
    func closeIncidents() async throws {
        for incident in try await lab.gate.incidents(limit: 20) where incident.endedAt == nil {
            _ = try await lab.gate.close(incident.id, reason: "the lab was reset")
        }
    }

    private func stopUsers() async throws {
        let supervisor = lab.lab.control(of: .target)
        let running = try await supervisor.programs().filter { $0.phase == .running }.map(\.name)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for program in users.tiers.joined() where running.contains(program) {
                group.addTask { try await supervisor.stop(program) }
            }
            try await group.waitForAll()
        }
    }

    private func startUsers() async throws {
        let supervisor = lab.lab.control(of: .target)
        let running = Set(try await supervisor.programs().filter { $0.phase == .running }.map(\.name))
        for program in users.providers where !running.contains(program) { try await supervisor.start(program) }
        for tier in users.tiers {
            for program in tier { try await supervisor.start(program) }
            try await waitUntilReady(tier)
        }
    }

    private func waitUntilReady(_ programs: [String]) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            // Whoever has no address is ready when it runs.
            let waiting = await lab.lab.status().filter {
                programs.contains($0.program) && ($0.url == nil ? $0.state != "running" : $0.isReady != true)
            }
            if waiting.isEmpty { return }
            guard ContinuousClock.now < deadline else {
                let names = waiting.map(\.program).joined(separator: ", ")
                throw RuntimeError(.timedOut, "\(names) did not become ready after the reset", hint: "opslab logs NAME")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func emptyCaches() throws {
        for (name, bound) in lab.bindings.components {
            guard let path = bound.path, lab.topology.component(name)?.isRebuildable == true else { continue }
            for entry in try FileSystem.list(path) { try FileSystem.removeTree("\(path)/\(entry)") }
        }
    }

    private func emptyClaims() throws {
        guard let claims = lab.bindings.shared?.claims else { return }
        for name in try FileSystem.list(claims) { try FileSystem.remove("\(claims)/\(name)") }
    }
}
