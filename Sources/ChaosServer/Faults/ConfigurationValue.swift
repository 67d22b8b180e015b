import OpsModel
import OpsRuntime
import OpsSystem

/// A configuration file goes out with one value that is out of bounds, and its component is started anew with it.
///
/// Until its users start anew a changed file has no effect; whoever restarts them later reads the same value again.
final class ConfigurationValue: Fault {
    static let description = FaultDescription(
        kind: .configurationValue,
        path: "/break/config/value",
        title: "A component runs with a value of its configuration file that is out of bounds.",
        persistence: .condition,
        targets: ["http", "worker", "batch"],
        parameters: [
            Parameter(name: "key", kind: .name, fallback: "", help: "required: one that the topology calls settable"),
            Parameter(
                name: "value",
                kind: .name,
                fallback: "",
                help: "required: of the same kind as its bounds, and outside of them"
            ),
        ],
        yieldsTo: ["any other content of the file"],
        unit: "processes",
        mechanism: "the file is replaced, and the component's programs are stopped and started",
        signs: ["config.diff", "change.recent", "log.code"]
    )

    private let setting: FaultSetting
    private var change: ConfigurationChange?
    private var content: [UInt8] = []
    private var reloads: [ProgramReload] = []

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        guard let file = self.setting.access.configuration else {
            throw ChaosError(.badTarget, "\(self.setting.access.component) has no configuration file")
        }
        let (key, value) = try self.value(for: file)
        let (old, version) = try self.look(at: file)
        guard let present = old[key], present != value else {
            let message = old[key] == nil ? "\(file.name) does not set \(key)" : "\(key) is \(value) already"
            throw ChaosError(.conflict, message, hint: "set it to something else first")
        }
        let new = old.setting(key, to: value)
        let change = ConfigurationChange(
            path: file.path,
            history: ConfigurationHistory(directory: file.history),
            staged: "\(file.path).\(Identifier.random(length: 6))",
            kept: "\(self.setting.state)/kept/\(self.setting.token)",
            version: version + 1,
            before: .of(old.bytes),
            ours: .of(new.bytes)
        )
        self.reloads = try self.reloads(change)
        (self.change, self.content) = (change, new.bytes)
        let resource = SharedResource.configuration(file.name)
        let starts = self.reloads.map { ($0.program, Change.reload($0)) }
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .configuration(change))]
                + starts.map { Effect(resource: .process($0), token: self.setting.token, change: $1) },
            requested: Double(self.reloads.count)
        )
    }

    /// What does not start with the value is put back here: an undo would find it down, as anybody may have left it.
    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        try change.apply(self.content)
        for reload in self.reloads {
            do throws(ChaosError) { try reload.apply() } catch {
                _ = try change.compareAndRevert { change.comparison.decide(live: $0, claim: nil) }
                if error.code == .notApplied { try reload.start() }
                throw error
            }
        }
        return Double(self.reloads.count)
    }

    private func value(for file: ConfigurationAccess) throws(ChaosError) -> (key: String, value: String) {
        let (key, value) = (self.setting.parameters.text("key"), self.setting.parameters.text("value"))
        guard let setting = file.settings.first(where: { $0.key == key }) else {
            let known = file.settings.map(\.key).joined(separator: ", ")
            throw ChaosError(
                key.isEmpty ? .badParameter : .outOfScope,
                key.isEmpty ? "key: say which" : "the topology does not declare \(key) as a setting of \(file.name)",
                hint: "it declares \(known)"
            )
        }
        if let problem = setting.problem(with: value) {
            throw ChaosError(.badParameter, "value: \(problem)", hint: "see config in the topology")
        }
        return (key, value)
    }

    private func look(at file: ConfigurationAccess) throws(ChaosError) -> (content: EnvironmentFile, version: Int) {
        do throws(SystemError) {
            let versions = try ConfigurationHistory(directory: file.history).versions()
            return (try EnvironmentFile(path: file.path), versions.first ?? 0)
        } catch {
            throw ChaosError(.undoImpossible, error.message)
        }
    }

    private func reloads(_ change: ConfigurationChange) throws(ChaosError) -> [ProgramReload] {
        let instance = self.setting.request.instance
        let names = instance.map { [$0] } ?? self.setting.access.programs.keys.sorted()
        var reloads: [ProgramReload] = []
        for name in names {
            let program = try self.setting.runningProgram(name)
            reloads.append(
                ProgramReload(
                    supervisor: program.supervisor,
                    program: program.name,
                    process: program.process,
                    startedAt: program.state.started ?? 0,
                    path: change.path,
                    content: change.before,
                    deployed: change.ours
                )
            )
        }
        return reloads
    }
}
