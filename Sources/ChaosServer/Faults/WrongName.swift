import OpsModel
import OpsRuntime
import OpsSystem

/// The name by which a component finds somebody else's system leads to an address at which nobody answers.
///
/// Only the name of the alternative in use is changed, in the file in which the component looks names up for every call. The
/// other system is well, and whoever asks it at its address finds it so.
final class WrongName: Fault {
    static let description = FaultDescription(
        kind: .wrongName,
        path: "/break/network/dns",
        title: "The name by which a component finds a provider leads somewhere else.",
        persistence: .condition,
        targets: ["http", "worker", "batch"],
        parameters: [
            Parameter(
                name: "to",
                kind: .name,
                fallback: "",
                help: "required: whose name leads astray, a provider that it needs and finds by a name"
            )
        ],
        yieldsTo: ["any other address of the name"],
        unit: "names",
        mechanism:
            "a line of the file in which the component looks up names gets an address of this machine at which nobody answers",
        signs: ["dns.answer", "probe.result", "change.recent"],
        needs: [.names]
    )

    private let setting: FaultSetting
    private var change: NameChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        let access = try self.access()
        let (name, old, version) = try self.look(access)
        guard let present = old[name] else {
            throw ChaosError(.conflict, "\(access.file) does not say where \(name) is", hint: "put its line back first")
        }
        let change = NameChange(
            old,
            path: access.path,
            history: ConfigurationHistory(directory: access.history),
            name: name,
            to: self.address(besides: present),
            after: version
        )
        self.change = change
        let resource = SharedResource.configuration(access.file)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .name(change))],
            requested: 1
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        try change.apply()
        return 1
    }

    /// One of a block of addresses of this machine that no part of a lab has.
    private func address(besides present: String) -> String {
        let number = self.setting.token.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % 250
        let address = "127.0.53.\(2 + number)"
        return address == present ? "127.0.53.1" : address
    }

    private func access() throws(ChaosError) -> NameAccess {
        guard self.setting.request.instance == nil else {
            throw ChaosError(.badTarget, "all instances look names up in one file", hint: "leave the instance out")
        }
        let (names, component) = (self.setting.access.names, self.setting.access.component)
        guard !names.isEmpty else {
            throw ChaosError(
                .badTarget,
                "\(component) finds nobody by a name whose place is known here",
                hint: "hosts of the component in the topology, and bindings that say how its providers are called"
            )
        }
        let named = self.setting.parameters.text("to")
        guard let access = names[self.setting.request.roles[named] ?? named] else {
            throw ChaosError(
                .badParameter,
                named.isEmpty ? "to: say whose name" : "to: \(component) finds no \(named) by a name",
                hint: "choose from \(names.keys.sorted().joined(separator: ", "))"
            )
        }
        return access
    }

    private func look(
        _ access: NameAccess
    ) throws(ChaosError) -> (name: String, content: EnvironmentFile, version: Int) {
        do throws(SystemError) {
            let active = try EnvironmentFile(path: access.configuration)[access.active] ?? ""
            guard let name = access.names[active] else {
                throw SystemError(.failed, "\(access.active) says \(active), which has no name here")
            }
            let versions = try ConfigurationHistory(directory: access.history).versions()
            return (name, try EnvironmentFile(path: access.path), versions.first ?? 0)
        } catch {
            throw ChaosError(.undoImpossible, error.message)
        }
    }
}
