import OpsModel
import OpsService

/// The routes that all services have alike: `/health`, `/healthz`, `/ready`, `/metrics` and `/openapi.json`.
public struct StandardRoutes: Sendable {
    private let health: @Sendable () async -> HealthReport

    /// Takes what tells how the service is; by default it is well as long as it answers.
    public init(health: @escaping @Sendable () async -> HealthReport = { HealthReport() }) { self.health = health }

    func install(
        in router: inout Router,
        title: String,
        metrics: MetricsRegistry,
        isDraining: @escaping @Sendable () -> Bool
    ) {
        let health = health
        router.get("/health", summary: "How the service is, in detail.", access: .open) { _ in .json(await health()) }
        router.get("/healthz", summary: "Whether the process is alive.", access: .open) { _ in .text("ok\n") }
        router.get("/ready", summary: "Whether the service can do its work now.", access: .open) { _ in
            try await Self.readiness(health, isDraining: isDraining())
        }
        router.get("/metrics", summary: "Metrics in the Prometheus text format.", access: .open) { _ in
            .text(metrics.render(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
        Self.addDocument(to: &router, title: title)
    }

    private static func readiness(
        _ health: @Sendable () async -> HealthReport,
        isDraining: Bool
    ) async throws -> HTTPResponse {
        if isDraining { throw HTTPError.unavailable("The service is shutting down.", code: "draining") }
        let report = await health()
        guard report.isReady else {
            var error = HTTPError.unavailable("The service is not ready.", code: "not_ready", hint: "See GET /health.")
            error.details = try JSONValue(encoding: report)
            throw error
        }
        return .json(report)
    }

    /// The document describes its own route too, so the route is added before the document is written.
    private static func addDocument(to router: inout Router, title: String) {
        let path = "/openapi.json"
        let summary = "This description."
        router.get(path, summary: summary, access: .open) { _ in .json(JSONValue.null) }
        let document = HTTPResponse.plainJSON(router.openAPI(title: title))
        router.get(path, summary: summary, access: .open) { _ in document }
    }
}
