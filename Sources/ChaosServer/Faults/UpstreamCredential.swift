import OpsModel
import OpsRuntime
import OpsSystem
import OpsTrust

/// Somebody else's system no longer takes the key that its callers have; whatever stands behind the same list takes it neither.
final class UpstreamCredential: Fault {
    static let description = FaultDescription(
        kind: .upstreamCredential,
        path: "/break/network/upstream-auth",
        title: "A provider that the target calls no longer accepts its key, nor does the alternative.",
        persistence: .condition,
        targets: ["provider"],
        parameters: [],
        yieldsTo: ["any other list of accepted keys"],
        unit: "keys left",
        mechanism:
            "the key is taken off the list of those that the providers accept, which both read for every request",
        signs: ["call.errors", "probe.result"],
        needs: [.keys]
    )

    private let setting: FaultSetting
    private var change: KeyListChange?
    /// The callers' key: kept in this process and nowhere else.
    private var key = ""

    init(_ setting: FaultSetting) { self.setting = setting }

    /// Both lists are known here, so that a crash at any later moment leaves one of the two.
    func plan() throws(ChaosError) -> Blueprint {
        let access = try self.access()
        let (key, list) = try self.look(access)
        guard list.accepts(key) else {
            throw ChaosError(
                .conflict,
                "\(self.setting.access.component) does not accept the key of its callers as it is",
                hint: "give them one that it accepts first"
            )
        }
        let change = KeyListChange(
            path: access.list,
            staged: "\(access.list).\(Identifier.random(length: 6))",
            old: list.text,
            new: list.removing(key).text
        )
        (self.change, self.key) = (change, key)
        let resource = SharedResource.keys(of: self.setting.access.component)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .keys(change))],
            requested: 0
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        try change.apply()
        guard try !change.list().accepts(self.key) else {
            throw ChaosError(.notApplied, "the key was put back at once", hint: "ask again")
        }
        return 0
    }

    private func access() throws(ChaosError) -> KeyAccess {
        guard self.setting.request.instance == nil else {
            throw ChaosError(.badTarget, "all alternatives go by one list of keys", hint: "leave the instance out")
        }
        guard let access = self.setting.access.keys else {
            throw ChaosError(
                .badTarget,
                "\(self.setting.access.component) has no list of accepted keys that is known here",
                hint: "config: a secret that is shared-key with it, and bindings that say where the list is"
            )
        }
        return access
    }

    private func look(_ access: KeyAccess) throws(ChaosError) -> (key: String, list: AcceptedKeys) {
        do throws(SystemError) {
            let file = try EnvironmentFile(path: access.configuration)
            guard let key = file[access.setting], !key.isEmpty else {
                throw SystemError(.failed, "its callers have no \(access.setting)")
            }
            return (key, AcceptedKeys(text: try FileSystem.text(access.list)))
        } catch {
            throw ChaosError(.undoImpossible, error.message)
        }
    }
}
