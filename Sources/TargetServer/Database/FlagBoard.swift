import AgentOps
import OpsModel
import OpsPostgres
import OpsService
import Synchronization

/// The feature flags as they were at the last look, one second ago at most.
///
/// When the database does not answer, the last known values stay: a flag must not change because its table is away.
final class FlagBoard: Service {
    private struct Flag {
        var isEnabled: Bool
        var changedAt: Timestamp
    }

    private let flags = Mutex<[String: Flag]>([:])
    private let database: ShopDatabase
    private let recorder: Recorder
    private let logger: Logger
    private let evaluations: Counter

    init(_ database: ShopDatabase, recorder: Recorder = .disabled, logger: Logger, metrics: MetricsRegistry) {
        self.recorder = recorder
        self.database = database
        self.logger = logger
        evaluations = metrics.counter(
            "shop_flag_evaluations_total",
            "Evaluations of feature flags.",
            labels: ["flag", "result"]
        )
        metrics.gauge("shop_flag_enabled", "Value of a flag in the table.", labels: ["flag"]) { [self] in
            flags.withLock { $0.map { ([$0.key], $0.value.isEnabled ? 1 : 0) } }
        }
        metrics.gauge("shop_flag_changed_timestamp_seconds", "Last change of a flag.", labels: ["flag"]) { [self] in
            flags.withLock { $0.map { ([$0.key], $0.value.changedAt.secondsSinceEpoch) } }
        }
    }

    /// Whether a flag is on; off when nobody has ever heard of it.
    func isOn(_ name: String) -> Bool {
        let isOn = flags.withLock { $0[name]?.isEnabled ?? false }
        evaluations.add(1, [name, isOn ? "on" : "off"])
        return isOn
    }

    /// The value in the table at this moment; the last known one when the table cannot be asked.
    func isOnNow(_ name: String) async -> Bool {
        let rows = try? await database.query("SELECT enabled FROM feature_flags WHERE name = $1", [.text(name)])
        guard let row = rows?.first, let isOn = try? row.bool("enabled") else { return isOn(name) }
        evaluations.add(1, [name, isOn ? "on" : "off"])
        return isOn
    }

    func run() async throws {
        while !Task.isCancelled {
            await look()
            try await Task.sleep(for: .seconds(1))
        }
    }

    func look() async {
        do {
            let rows = try await database.pool.query("SELECT name, enabled, updated_at FROM feature_flags")
            for row in rows { note(try row.string("name"), try row.bool("enabled"), try row.timestamp("updated_at")) }
        } catch {
            logger.debug("flags cannot be read", ["error": .string("\(error)")])
        }
    }

    private func note(_ name: String, _ isEnabled: Bool, _ changedAt: Timestamp) {
        let old = flags.withLock { $0.updateValue(Flag(isEnabled: isEnabled, changedAt: changedAt), forKey: name) }
        if let old, old.isEnabled != isEnabled {
            logger.info("flag changed", ["flag": .string(name), "enabled": .bool(isEnabled)])
            let payload: JSONValue = ["flag": .string(name), "enabled": .bool(isEnabled)]
            recorder.record(Event(.lifecycle, "flag.changed", at: changedAt, payload: payload))
        }
    }
}
