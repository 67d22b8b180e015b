import OpsModel
import OpsService

/// What every process of the shop says about itself.
struct ProcessMeasures: Sendable {
    let registry = MetricsRegistry()

    init(verb: String, instance: String, configurationHash: String) {
        let started = Timestamp.now().secondsSinceEpoch
        registry.gauge(
            "shop_info",
            "Always 1; the labels say which process this is and which configuration it read.",
            labels: ["instance", "verb", "config_hash"]
        ) { [([instance, verb, configurationHash], 1)] }
        registry.gauge("shop_start_time_seconds", "When this process started, in seconds since 1970.") {
            [([], started)]
        }
        registry.addProcessMetrics()
    }
}
