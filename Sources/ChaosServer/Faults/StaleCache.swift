import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem

/// A cache promises its readers that entries stay, and goes on handing them out when what they show has changed.
///
/// Nothing is wrong at first: the next change in the ordinary life of the target makes the entries old, and as long as the flag
/// is on, what is made anew is promised as well.
final class StaleCache: Fault {
    static let description = FaultDescription(
        kind: .staleCache,
        path: "/break/cache/stale",
        title: "A feature flag lets a cache keep what has changed.",
        persistence: .condition,
        targets: ["directory"],
        parameters: [
            Parameter(
                name: "flag",
                kind: .name,
                fallback: "immutable-lists",
                help: "a flag that is off, by which users of the cache promise its entries"
            )
        ],
        yieldsTo: ["any other value of the flag, the same one given again included"],
        unit: "flags on",
        mechanism: "the row of a feature flag is written, by which the cache's users promise that entries stay",
        signs: ["cache.kept", "change.recent", "journey.failures_by"],
        needs: [.entries]
    )

    private let setting: FaultSetting
    private var change: FlagChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    /// The flag comes first: when it is taken back, nothing is promised any more while the entries go.
    func plan() throws(ChaosError) -> Blueprint {
        let flag = self.setting.parameters.text("flag")
        guard let path = self.setting.access.directory, let flags = self.setting.access.flags else {
            throw ChaosError(
                .badTarget,
                "\(self.setting.access.component) is no directory whose users go by flags and can rebuild it",
                hint:
                    "targets are of kind directory with rebuildable: true, and state.flags names a database that its users need"
            )
        }
        let promise = try self.promise(path)
        let change = try FlagChange.turningOn(flag, flags, clientName: self.setting.clientName("psql"))
        self.change = change
        let resource = SharedResource.flag(flag, of: flags.database)
        let directory = SharedResource.directory(self.setting.access.component)
        return Blueprint(
            resource: resource,
            effects: [
                Effect(resource: resource, token: self.setting.token, change: .flag(change)),
                Effect(resource: directory, token: self.setting.token, change: .promise(promise)),
            ],
            requested: 1
        )
    }

    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let administrator = try change.flags.access.administrator(as: change.clientName)
        defer { administrator.close() }
        try change.apply(administrator)
        return 1
    }

    /// What is promised already is somebody else's, and an undo could not tell it from what comes.
    private func promise(_ path: String) throws(ChaosError) -> PromiseChange {
        do throws(SystemError) {
            guard try PromisedEntries(directory: path).paths().isEmpty else {
                throw SystemError(.failed, "entries are promised already; clear the cache first")
            }
            return PromiseChange(path: path)
        } catch {
            throw ChaosError(.undoImpossible, error.message)
        }
    }
}
