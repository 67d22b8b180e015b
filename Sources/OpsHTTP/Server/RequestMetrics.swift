import OpsService
import OpsSystem

/// What every server counts about its requests; the route label is the template, never the path.
struct RequestMetrics: Sendable {
    static let unmatched = "unmatched"

    private let requests: Counter
    private let seconds: Histogram
    private let inProgress: Gauge

    init(_ registry: MetricsRegistry) {
        requests = registry.counter(
            "opslab_http_requests_total",
            "Requests answered, by method, route template and status.",
            labels: ["method", "route", "status"]
        )
        seconds = registry.histogram(
            "opslab_http_request_duration_seconds",
            "Time from the complete request to its answer, by method and route template.",
            labels: ["method", "route"]
        )
        inProgress = registry.gauge("opslab_http_requests_in_progress", "Requests being worked on.")
    }

    func begin() { inProgress.add(1) }

    func end(_ method: HTTPMethod, _ route: String, _ status: Int, _ elapsed: Duration) {
        inProgress.add(-1)
        requests.add(1, [method.rawValue, route, String(status)])
        seconds.observe(elapsed.inSeconds, [method.rawValue, route])
    }

    func refused(_ method: HTTPMethod?, _ status: Int) {
        requests.add(1, [method?.rawValue ?? "other", Self.unmatched, String(status)])
    }

    static func observe(_ links: LinkRegistry, _ inFlight: InFlight, in registry: MetricsRegistry) {
        registry.gauge("opslab_http_connections", "Open connections.") { [([], Double(links.count))] }
        registry.gauge("opslab_http_event_streams", "Open event streams.") { [([], Double(inFlight.streamCount))] }
    }
}
