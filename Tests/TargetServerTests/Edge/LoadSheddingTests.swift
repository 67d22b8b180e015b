import OpsHTTP
import OpsModel
import OpsService
import Testing

@testable import TargetServer

@Suite struct LoadSheddingTests {
    private struct OneKey: Authenticator {
        func authenticate(key: String) async -> Principal? {
            key == "k" ? Principal(name: "action", scopes: ["shed"], root: "action") : nil
        }
    }

    private let web: HTTPServer = {
        let shedding = LoadShedding(logger: .silent, metrics: MetricsRegistry())
        var router = Router()
        router.use(shedding)
        shedding.install(in: &router)
        router.get("/api/{a}", summary: "x", access: .open) { _ in .json(["seen": true] as JSONValue) }
        return HTTPServer(
            configuration: .init(listen: .tcp(host: "127.0.0.1", port: 0), name: "web"),
            router: router,
            authenticator: OneKey(),
            logger: .silent,
            metrics: MetricsRegistry()
        )
    }()

    private func ask(
        _ method: HTTPMethod,
        _ target: String,
        _ body: String = "",
        key: String? = "k"
    ) async throws -> HTTPResponse {
        var headers: HTTPHeaders = ["Host": "127.0.0.1"]
        if !body.isEmpty { headers["Content-Type"] = "application/json" }
        if let key { headers["X-API-Key"] = key }
        return await self.web.respond(to: try HTTPRequest(method, target, headers: headers, body: Array(body.utf8)))
    }

    private func turned(_ target: String, of count: Int = 20) async throws -> Int {
        var refused = 0
        for _ in 0..<count where try await self.ask(.get, target, key: nil).status == 503 { refused += 1 }
        return refused
    }

    private func order(_ changes: [String: JSONValue] = [:]) throws -> String {
        let usual: [String: JSONValue] = ["id": "a", "routes": ["GET /api/products"], "ratio": 0.5, "for_s": 60]
        return try OpsJSON.string(JSONValue.object(usual.merging(changes) { $1 }))
    }

    @Test func aShareIsTurnedAwayUntilSomebodyEndsIt() async throws {
        #expect(try await self.turned("/api/products") == 0)
        #expect(try await self.ask(.put, "/shedding", self.order()).status == 200)
        #expect(try await self.turned("/api/products") == 10)
        #expect(try await self.turned("/api/orders") == 0)
        let refusal = try await self.ask(.get, "/api/products", key: nil)
        let other = try await self.ask(.get, "/api/products", key: nil)
        #expect(Set([refusal.status, other.status]) == [200, 503])
        #expect([refusal, other].contains { $0.headers["Retry-After"] != nil })
        let state = try await self.ask(.get, "/shedding", key: nil).document
        #expect(state.at("data.id") == "a" && state.at("data.share") == 0.5)
        #expect(try await self.ask(.delete, "/shedding/b").status == 200)
        #expect(try await self.turned("/api/products") == 10, "another one's")
        #expect(try await self.ask(.delete, "/shedding/a").status == 200)
        #expect(try await self.turned("/api/products") == 0)
    }

    @Test func itsTimeIsKeptHere() async throws {
        #expect(try await self.ask(.put, "/shedding", self.order(["for_s": 1])).status == 200)
        #expect(try await self.turned("/api/products") == 10)
        let end = ContinuousClock.now + .seconds(5)
        while try await self.turned("/api/products", of: 2) > 0 { try #require(ContinuousClock.now < end) }
        #expect(try await self.ask(.get, "/shedding").document.at("data.left_s") == 0)
    }

    @Test func itNeedsAKeyAndAnEnd() async throws {
        #expect(try await self.ask(.put, "/shedding", self.order(), key: nil).status == 401)
        #expect(try await self.ask(.delete, "/shedding/a", key: nil).status == 401)
        let wrong: [[String: JSONValue]] = [
            ["ratio": 1], ["ratio": 0], ["for_s": 0], ["for_s": 3_600], ["ramp_s": 61], ["ramp_s": -1], ["routes": []],
            ["routes": ["GET /ready"]], ["routes": ["/api/products"]], ["routes": ["GRAB /api/products"]], ["id": ""],
            ["id": "a/b"],
        ]
        for changes in wrong {
            #expect(try await self.ask(.put, "/shedding", self.order(changes)).status == 422, "\(changes)")
        }
        #expect(try await self.ask(.put, "/shedding", "{}").status >= 400)
        #expect(try await self.turned("/api/products") == 0)
    }
}
