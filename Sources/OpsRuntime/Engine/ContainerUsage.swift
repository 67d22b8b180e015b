import OpsModel

/// What a container uses, as the engine counts it.
public struct ContainerUsage: Hashable, Sendable {
    /// Processor time since the container started.
    public var cpuSeconds: Double
    /// Memory without what the kernel would give back at once.
    public var memoryBytes: UInt64
    /// Tasks of the kernel; 0 where it does not count them.
    public var threads: Int

    /// Reads the engine's answer about one container; nil when it has no figures, as for one that does not run.
    init?(_ answer: JSONValue?) {
        guard let nanoseconds = answer?.at("cpu_stats.cpu_usage.total_usage")?.doubleValue,
            let used = answer?.at("memory_stats.usage")?.doubleValue
        else { return nil }
        // Control groups of version 1 and of version 2 have different names for it.
        let statistics = answer?.at("memory_stats.stats")
        let inactive = (statistics?["total_inactive_file"] ?? statistics?["inactive_file"])?.doubleValue ?? 0
        cpuSeconds = nanoseconds / 1e9
        memoryBytes = UInt64(max(0, used - inactive))
        threads = answer?.at("pids_stats.current")?.intValue ?? 0
    }
}
