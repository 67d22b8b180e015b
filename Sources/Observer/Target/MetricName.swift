/// The metrics that Observer understands, by the names in `docs/services/target-server.md`.
///
/// An application of one's own exposes them under the name of its own system: `parcels_calls_total`. What it does not
/// expose is `unsupported`.
enum MetricName {
    static let prefix = "shop_"
    static let info = "shop_info"
    static let poolInUse = "shop_pool_in_use"
    static let poolWaiting = "shop_pool_waiting"
    static let poolMax = "shop_pool_max"
    static let calls = "shop_calls_total"
    static let callAttempts = "shop_call_attempts_total"
    static let callDurationSum = "shop_call_duration_seconds_sum"
    static let callDurationCount = "shop_call_duration_seconds_count"
    static let callDurationBucket = "shop_call_duration_seconds_bucket"
    static let probeResult = "shop_probe_result"
    static let probeLatency = "shop_probe_latency_seconds"
    static let probeChecked = "shop_probe_checked_timestamp_seconds"
    static let cacheLookups = "shop_cache_lookups_total"
    static let cacheChanges = "shop_cache_changes_total"
    static let queueDepth = "shop_queue_depth"
    static let queueOldest = "shop_queue_oldest_seconds"
    static let queueLastJob = "shop_queue_last_started_job"
    static let queueLastAttempt = "shop_queue_last_started_attempt"
    static let queueLastStarted = "shop_queue_last_started_timestamp_seconds"
    static let fdsOpen = "shop_fds_open"
    static let busy = "shop_workers_busy"
    static let busyMax = "shop_workers_max"
    static let flagEnabled = "shop_flag_enabled"
    static let flagChanged = "shop_flag_changed_timestamp_seconds"
    static let schemaVersion = "shop_schema_version"
    static let schemaHead = "shop_schema_head"

    /// What the names of a system's metrics begin with.
    static func prefix(of system: String) -> String { "\(word(system))_" }

    /// Which alternative of a provider its caller uses, as the label `provider`.
    static func active(_ provider: String) -> String { "\(prefix)\(word(provider))_active" }

    /// A name as it may stand in that of a metric.
    private static func word(_ name: String) -> String { name.replacing("-", with: "_") }
}
