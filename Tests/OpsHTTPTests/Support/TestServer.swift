import OpsModel
import OpsService

@testable import OpsHTTP

/// A server on a free port of the loopback address, lent to one test and drained afterwards.
enum TestServer {
    struct Keys: Authenticator {
        func authenticate(key: String) async -> Principal? {
            switch key {
            case "reader": Principal(name: "reader", scopes: ["reads"], root: "reader")
            case "writer": Principal(name: "writer", scopes: ["reads", "act"], root: "writer")
            default: nil
            }
        }
    }

    static func make(
        _ router: Router,
        health: StandardRoutes = StandardRoutes(),
        metrics: MetricsRegistry = MetricsRegistry(),
        configure: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) -> HTTPServer {
        var configuration = HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "Test")
        configure(&configuration)
        return HTTPServer(
            configuration: configuration,
            router: router,
            authenticator: Keys(),
            standardRoutes: health,
            logger: .silent,
            metrics: metrics
        )
    }

    static func with<Result>(
        _ router: Router,
        metrics: MetricsRegistry = MetricsRegistry(),
        configure: (inout HTTPServerConfiguration) -> Void = { _ in },
        _ body: (HTTPServer) async throws -> Result
    ) async throws -> Result {
        let server = make(router, metrics: metrics, configure: configure)
        try await server.start()
        do {
            let result = try await body(server)
            await server.drain(within: .seconds(2))
            return result
        } catch {
            await server.drain(within: .seconds(2))
            throw error
        }
    }
}
