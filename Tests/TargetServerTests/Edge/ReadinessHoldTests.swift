import OpsHTTP
import OpsModel
import OpsService
import Testing

@testable import TargetServer

@Suite struct ReadinessHoldTests {
    private struct OneKey: Authenticator {
        func authenticate(key: String) async -> Principal? {
            key == "k" ? Principal(name: "referee", scopes: ["operate"], root: "referee") : nil
        }
    }

    private let hold = ReadinessHold()

    private var web: HTTPServer {
        var router = Router()
        hold.install(in: &router)
        let hold = hold
        return HTTPServer(
            configuration: .init(listen: .tcp(host: "127.0.0.1", port: 0), name: "web"),
            router: router,
            authenticator: OneKey(),
            standardRoutes: StandardRoutes {
                await hold.pass()
                return HealthReport()
            },
            logger: .silent,
            metrics: MetricsRegistry()
        )
    }

    private func ask(_ body: String, key: String? = "k") async throws -> HTTPResponse {
        var headers: HTTPHeaders = ["Host": "127.0.0.1", "Content-Type": "application/json"]
        if let key { headers["X-API-Key"] = key }
        return await web.respond(to: try HTTPRequest(.post, "/ready/hold", headers: headers, body: Array(body.utf8)))
    }

    @Test func readinessIsLateAndThenAsItWas() async throws {
        #expect(try await ask(#"{"for_s": 0.4}"#).status == 200)
        let began = ContinuousClock.now
        let ready = try HTTPRequest(.get, "/ready", headers: ["Host": "127.0.0.1"])
        #expect(await web.respond(to: ready).status == 200)
        #expect(began.duration(to: .now) >= .milliseconds(300))
        let again = ContinuousClock.now
        #expect(await web.respond(to: ready).status == 200)
        #expect(again.duration(to: .now) < .milliseconds(300))
    }

    @Test func itNeedsAKeyAndAShortTime() async throws {
        #expect(try await ask(#"{"for_s": 1}"#, key: nil).status == 401)
        for body in [#"{"for_s": 60}"#, #"{"for_s": -1}"#] { #expect(try await ask(body).status == 422) }
        #expect(try await ask("{}").status >= 400)
    }
}
