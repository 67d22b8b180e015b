import OpsModel
import OpsSpec

extension WorldCensus {
    /// What a comparison found.
    struct Findings: Sendable, Equatable {
        /// Changes that nothing accounts for.
        var unaccounted: [String] = []
        /// Traces of a fault that are still there.
        var residue: [String] = []
    }

    /// Compares two readings with what was approved and what was broken in between.
    func compare(_ before: Snapshot, _ after: Snapshot, actions: [RanAction], faults: [FaultRecord]) -> Findings {
        let account = CensusAccount(topology: lab.topology, bindings: lab.bindings, actions: actions, faults: faults)
        var findings = Findings()
        for (program, start) in after.processes {
            let earlier = before.processes[program] ?? nil
            if start == nil, earlier != nil { findings.residue.append("\(program) is down") }
            if start != nil, start != earlier, !account.mayRestart(program) {
                findings.unaccounted.append("\(program) was started by nobody who may")
            }
        }
        for (role, hash) in after.verifiers where before.verifiers[role] != hash && !account.mayChangeRole(role) {
            findings.unaccounted.append("the password of \(role) changed")
        }
        for (file, hash) in after.files where before.files[file] != hash && !account.mayChange(file) {
            findings.unaccounted.append("\(file) changed")
        }
        for (name, inode) in after.directories where before.directories[name] != inode && !account.mayReplace(name) {
            findings.unaccounted.append("directory \(name) was replaced")
        }
        if after.settings != before.settings { findings.unaccounted.append("settings of the database changed") }
        findings.residue += after.idleInTransaction.map { "session \($0) holds a transaction open" }
        return findings
    }
}

/// Which changes are accounted for.
struct CensusAccount: Sendable {
    var topology: Topology
    var bindings: Bindings
    var actions: [RanAction]
    var faults: [FaultRecord]

    /// By an action on it, by an action that restarts the users of a configuration, by the run's fault and its undo, or
    /// because it starts again by itself.
    func mayRestart(_ program: String) -> Bool {
        let component = component(of: program)
        if topology.component(component)?.restartsOnFailure == true { return true }
        if faults.contains(where: { $0.target == component }) { return true }
        if isProvider(program) { return faults.contains { topology.component($0.target)?.kind == .provider } }
        return actions.contains { action in
            switch action.action {
            case "restart-service", "restart-api", "restart-db": names(action, component)
            case "regenerate-env", "switch-to-fallback": topology.component(component)?.config != nil
            default: false
            }
        }
    }

    func mayChangeRole(_ role: String) -> Bool {
        let isFault = faults.contains { $0.with["role"]?.stringValue == role }
        return isFault || actions.contains { $0.action == "regenerate-env" }
    }

    func mayChange(_ file: String) -> Bool {
        actions.contains { ["regenerate-env", "switch-to-fallback"].contains($0.action) }
    }

    func mayReplace(_ directory: String) -> Bool {
        actions.contains { $0.action == "clear-cache" && names($0, directory) }
    }

    private func names(_ action: RanAction, _ component: String) -> Bool {
        guard let named = action.parameters["component"]?.stringValue else { return true }
        return named == component
    }

    private func isProvider(_ program: String) -> Bool {
        bindings.components.values.contains { $0.providers?.values.contains { $0.program == program } == true }
    }

    private func component(of program: String) -> String {
        let owner = bindings.components.first { _, bound in
            bound.instances?.contains { $0.program == program } == true
                || bound.providers?.values.contains { $0.program == program } == true
        }
        return owner?.key ?? program
    }
}
