import OpsService

/// The injector's metrics.
///
/// They name no fault: whoever may read them may also be looked at for leaks.
struct Metrics: Sendable {
    init(_ registry: MetricsRegistry, store: FaultStore, watch: WatchThread, latch: LatchFile) {
        registry.gauge("opslab_chaos_latched", "1 while the kill switch is on.") { [([], latch.read() == nil ? 0 : 1)] }
        registry.gauge("opslab_chaos_guard_up", "1 while a guard is on duty.") { [([], watch.hasGuard ? 1 : 0)] }
    }
}
