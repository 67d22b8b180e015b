import OpsHTTP
import OpsModel
import OpsService
import Testing

@testable import TargetServer

@Suite struct EdgeTests {
    /// A server that says what it was asked.
    private final class Instance: Sendable {
        let server: HTTPServer

        init() async throws {
            var router = Router()
            server = HTTPServer(
                configuration: .init(listen: .tcp(host: "127.0.0.1", port: 0), threads: 1, name: "instance"),
                router: Self.router(&router),
                logger: .silent,
                metrics: MetricsRegistry()
            )
            try await server.start()
        }

        private static func router(_ router: inout Router) -> Router {
            router.get("/api/products", summary: "x", access: .open) { request in
                .json(["trace": request.traceParent.traceID, "q": request[query: "q"] ?? ""])
            }
            router.post("/api/checkout", summary: "x", access: .open, request: [:]) { request in
                .json(
                    ["key": request.headers["Idempotency-Key"] ?? "", "size": String(request.body.count)],
                    status: 201
                )
            }
            return router
        }

        var url: String { "http://127.0.0.1:\(server.port)" }
    }

    private func edge(_ urls: [String], _ metrics: MetricsRegistry = MetricsRegistry()) -> HTTPServer {
        let instances = urls.enumerated().map { Edge.Instance(name: "api-\($0.offset + 1)", url: $0.element) }
        let edge = Edge(
            instances,
            http: HTTPClient(configuration: .init(retries: 0)),
            meter: CallMeter(from: "web", metrics),
            logger: .silent,
            metrics: metrics
        )
        var router = Router()
        EdgeController(edge: edge, page: ShopPage(edge: edge)).install(in: &router)
        return HTTPServer(
            configuration: .init(listen: .tcp(host: "127.0.0.1", port: 0), name: "web"),
            router: router,
            logger: .silent,
            metrics: metrics
        )
    }

    @Test func requestsArePassedOnWithQueryBodyKeyAndTrace() async throws {
        let instance = try await Instance()
        let web = edge([instance.url])
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        let headers: HTTPHeaders = ["Host": "127.0.0.1", "traceparent": "00-\(trace)-00f067aa0ba902b7-01"]
        let got = await web.respond(to: try HTTPRequest(.get, "/api/products?q=a%26b%20c", headers: headers))
        #expect(got.status == 200)
        #expect(got.headers["X-Instance"] == "api-1")
        #expect(got.document.at("data.q") == "a&b c")
        #expect(got.document.at("data.trace")?.stringValue == trace)
        let posted = await web.respond(
            to: try HTTPRequest(
                .post,
                "/api/checkout",
                headers: ["Host": "127.0.0.1", "Content-Type": "application/json", "Idempotency-Key": "k-12345678"],
                body: Array("{}".utf8)
            )
        )
        #expect(posted.status == 201)
        #expect(posted.document.at("data.key") == "k-12345678")
        #expect(posted.document.at("data.size") == "2")
        await instance.server.drain(within: .zero)
    }

    @Test func aDeadInstanceCostsAFifthAndNothingIsRepeated() async throws {
        let alive = try await Instance()
        let metrics = MetricsRegistry()
        // Nobody listens at port 1; the port of a server that has stopped may be given to the next that starts.
        let web = edge([alive.url, "http://127.0.0.1:1"], metrics)
        var failed = 0
        for _ in 0..<60 {
            let answer = await web.respond(to: try HTTPRequest(.get, "/api/products", headers: ["Host": "127.0.0.1"]))
            if answer.status == 502 { failed += 1 }
        }
        #expect((10...14).contains(failed))
        let text = metrics.render()
        #expect(text.contains(#"shop_call_attempts_total{from="web",to="api"} 60"#))
        #expect(text.contains(#"shop_instance_state{instance="api-2",state="suspect"} 1"#))
        #expect(text.contains(#"shop_edge_requests_total{instance="api-2",code="refused"} \#(failed)"#))
        await alive.server.drain(within: .zero)
    }

    @Test func thePageSaysSorryWhenTheShopIsAway() async throws {
        let web = edge(["http://127.0.0.1:1"])
        let page = await web.respond(to: try HTTPRequest(.get, "/", headers: ["Host": "127.0.0.1"]))
        #expect(page.status == 503)
        #expect(String(decoding: page.bytes, as: UTF8.self).contains("try again in a moment"))
    }

    @Test func drainingNeedsAKey() async throws {
        let web = edge(["http://127.0.0.1:1"])
        let request = try HTTPRequest(
            .post,
            "/instances/api-1/drain",
            headers: ["Host": "127.0.0.1", "Content-Type": "application/json"],
            body: Array("{}".utf8)
        )
        #expect(await web.respond(to: request).status == 401)
    }
}
