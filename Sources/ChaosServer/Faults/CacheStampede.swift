import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem

/// A cache is emptied while its entries are dear to make, and its users cannot fill it again: they make so many at a time that
/// none is done before its asker has gone away.
///
/// Nothing of it is left in the world after some seconds. What goes on is the target's own.
final class CacheStampede: Fault {
    static let description = FaultDescription(
        kind: .cacheStampede,
        path: "/break/cache/stampede",
        title: "A cache is emptied, and making its entries anew is more than its users can do at once.",
        persistence: .metastable,
        targets: ["directory"],
        parameters: [
            Parameter(
                name: "flag",
                kind: .name,
                fallback: "sales-ranks",
                help:
                    "a flag that is on, with which entries are dear to make; whether it is on is not the fault's doing"
            ),
            Parameter(name: "for_s", kind: .number(0.2...4), fallback: 3, help: "seconds for which it is kept empty"),
        ],
        yieldsTo: ["less to do for the cache's users, or entries that are cheaper to make, until it is full again"],
        unit: "share of entries",
        tolerance: Tolerance(share: 0.5, orWhatIsLeft: false),
        mechanism: "every entry is removed, for a moment again and again",
        signs: ["cache.hit_ratio", "pool.waiting", "change.recent"],
        baselineWithinS: 40,
        needs: [.entries],
        relief:
            "where entries are still missing, its end has the cache's users turn away \(ReliefChange.percent) % of the requests, "
            + "less and less within \(Int(ReliefChange.seconds)) s; not in a scored run, but for the kill switch"
    )

    private static let pause: Int32 = 30
    private let setting: FaultSetting
    private var change: ReliefChange?

    init(_ setting: FaultSetting) { self.setting = setting }

    func plan() throws(ChaosError) -> Blueprint {
        guard let path = self.setting.access.directory, let flags = self.setting.access.flags else {
            throw ChaosError(
                .badTarget,
                "\(self.setting.access.component) is no directory whose users go by flags and can rebuild it",
                hint:
                    "targets are of kind directory with rebuildable: true, and state.flags names a database that its users need"
            )
        }
        let sockets = self.setting.access.strains.values.sorted()
        guard !sockets.isEmpty else {
            throw ChaosError(
                .undoImpossible,
                "the users of \(self.setting.access.component) cannot be relieved",
                hint: "only programs that were built for it can; see docs/faults.md"
            )
        }
        try self.requireOn(self.setting.parameters.text("flag"), flags)
        let entries = try Self.entries(of: path).count
        guard entries > 0 else {
            throw ChaosError(.badTarget, "the cache holds no entry", hint: "let its component warm it up first")
        }
        let change = ReliefChange(path: path, entries: entries, sockets: sockets, token: self.setting.token)
        self.change = change
        let resource = SharedResource.directory(self.setting.access.component)
        return Blueprint(
            resource: resource,
            effects: [Effect(resource: resource, token: self.setting.token, change: .relief(change))],
            requested: 1
        )
    }

    /// The share of the entries that are missing at the end.
    func apply() throws(ChaosError) -> Double? {
        guard let change else { throw ChaosError(.protocolBroken, "apply before plan") }
        let end = BootClock.now() + UInt64(self.setting.parameters.number("for_s") * 1e9)
        repeat {
            for path in try Self.entries(of: change.path) {
                // Gone by now, or it cannot be removed: then it is counted as left.
                try? FileSystem.remove(path)
            }
            _ = Descriptors.ready([], milliseconds: Self.pause)
        } while BootClock.now() < end
        let left = try Self.entries(of: change.path).count
        return max(0, 1 - Double(left) / Double(change.entries))
    }

    /// With entries that are cheap to make the cache would be full again in no time.
    private func requireOn(_ flag: String, _ flags: FlagTable) throws(ChaosError) {
        let administrator = try flags.access.administrator(as: self.setting.clientName("psql"))
        defer { administrator.close() }
        let rows = try asking { () throws(PostgresError) in try administrator.query(flags.sql.all) }
        let values = rows.map { row in (row["name"] ?? "", FlagValue { row[$0] }) }
        guard values.contains(where: { $0.0 == flag && $0.1?.isEnabled == true }) else {
            throw ChaosError(
                .badTarget,
                "\(flag) is not on: the cache would be full again at once",
                hint: "turn it on first; it is not this fault's to do"
            )
        }
    }

    private static func entries(of directory: String) throws(ChaosError) -> [String] {
        do throws(SystemError) {
            return try FileSystem.list(directory).filter { $0.hasSuffix(".entry") }.map { "\(directory)/\($0)" }
        } catch {
            throw ChaosError(.targetUnavailable, error.message)
        }
    }
}
