import OpsModel
import OpsRuntime
import OpsSystem

extension FaultSetting {
    /// The program that a request means, as it runs now.
    struct RunningProgram {
        var supervisor: String
        var name: String
        var state: ProgramState
        var process: ProcessIdentity
    }

    /// The program named in the request; one that is down or held still cannot be broken like one that works.
    func runningProgram() throws(ChaosError) -> RunningProgram { try self.runningProgram(self.request.instance) }

    /// The same for an instance of the component; nil means the only one.
    func runningProgram(_ instance: String?) throws(ChaosError) -> RunningProgram {
        let (supervisor, program) = try self.program(instance)
        let state = try TargetSupervisor(supervisor).state(of: program)
        guard state.phase == .running, let process = state.identity else {
            throw ChaosError(.badTarget, "\(program) is not running", hint: "it must be up before it can be broken")
        }
        guard !state.isPaused else {
            throw ChaosError(.badTarget, "\(program) is held still", hint: "resume it, or restart it, and ask again")
        }
        return RunningProgram(supervisor: supervisor, name: program, state: state, process: process)
    }

    /// What will be down.
    func processChange(_ manner: ProcessChange.Manner) throws(ChaosError) -> ProcessChange {
        let program = try self.runningProgram()
        return ProcessChange(
            supervisor: program.supervisor,
            program: program.name,
            manner: manner,
            process: program.process,
            startedAt: program.state.started ?? 0
        )
    }

    private func program(_ instance: String?) throws(ChaosError) -> (supervisor: String, program: String) {
        let names = self.access.programs.keys.sorted()
        let name = instance ?? (names.count == 1 ? names.first : nil)
        guard let supervisor = self.access.supervisor, let name, let program = self.access.programs[name] else {
            throw ChaosError(
                .badTarget,
                "\(self.access.component) has no instance \(instance ?? "by default")",
                hint: names.isEmpty
                    ? "it is no program"
                    : "name one, by `instance` in the request or --unit: \(names.joined(separator: ", "))"
            )
        }
        return (supervisor, program)
    }
}
