import OpsHTTP
import OpsModel
import OpsService
import Testing

@Suite struct StandardRoutesTests {
    private func ask(_ server: HTTPServer, _ path: String) async throws -> HTTPResponse {
        await server.respond(to: try HTTPRequest(.get, path, headers: ["Host": "localhost"]))
    }

    @Test func tellsReadinessApartFromLife() async throws {
        let report = HealthReport(checks: [.init(name: "db", isHealthy: false, message: "refused")])
        let server = TestServer.make(Router(), health: StandardRoutes { report })
        #expect(try await ask(server, "/healthz").status == 200)
        let ready = try await ask(server, "/ready")
        #expect(ready.status == 503)
        #expect(ready.headers["Retry-After"] != nil)
        let document = try OpsJSON.decode(JSONValue.self, from: ready.bytes)
        #expect(document["code"] == "not_ready")
        #expect(document.at("details.checks.0.name") == "db")
        let health = try await ask(server, "/health")
        #expect(health.status == 200)
        #expect(try OpsJSON.decode(JSONValue.self, from: health.bytes).at("data.ready") == false)
    }

    @Test func metricsCountByTemplateNeverByPath() async throws {
        let metrics = MetricsRegistry()
        var router = Router()
        router.get("/items/{id}", summary: "x", access: .open) { _ in .json(1) }
        let server = TestServer.make(router, metrics: metrics)
        for number in 0..<20 { _ = try await ask(server, "/items/\(number)") }
        for number in 0..<20 { _ = try await ask(server, "/nowhere/\(number)") }
        let text = String(decoding: try await ask(server, "/metrics").bytes, as: UTF8.self)
        #expect(text.contains(#"opslab_http_requests_total{method="GET",route="/items/{id}",status="200"} 20"#))
        #expect(text.contains(#"opslab_http_requests_total{method="GET",route="unmatched",status="404"} 20"#))
        #expect(!text.contains("/items/7"))
        #expect(!text.contains("nowhere"))
    }
}
