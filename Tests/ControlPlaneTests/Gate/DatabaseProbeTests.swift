import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// A gate without its database says so, soon, and says when it is back.
@Suite struct DatabaseProbeTests {
    func server(_ probe: DatabaseProbe) -> HTTPServer {
        HTTPServer(
            configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "ControlPlane"),
            router: Router(),
            standardRoutes: StandardRoutes { await probe.report() },
            logger: Logger(label: "gate", level: .error),
            metrics: MetricsRegistry()
        )
    }

    func asking(_ path: String) throws -> HTTPRequest {
        try HTTPRequest(.get, path, headers: ["Host": "127.0.0.1"])
    }

    @Test func isReadyAsLongAsItsDatabaseAnswers() async throws {
        let fixture = PostgresFixture()
        let probe = DatabaseProbe(try await fixture.superuser())
        let server = server(probe)
        #expect(await server.respond(to: try asking("/ready")).status == 200)
        try await fixture.crash()
        let begin = ContinuousClock.now
        #expect(await server.respond(to: try asking("/ready")).status == 503)
        #expect(ContinuousClock.now - begin < .seconds(20))
        #expect(await server.respond(to: try asking("/healthz")).status == 200)
        let report = await probe.report()
        #expect(report.checks.map(\.name) == ["database"] && !report.isReady)
        try await fixture.restart()
        #expect(await server.respond(to: try asking("/ready")).status == 200)
        try await fixture.crash()
    }

    @Test func aServerThatAcceptsAndSaysNothingIsNotWaitedForLong() async throws {
        let fixture = PostgresFixture()
        let cluster = try await fixture.cluster()
        let probe = DatabaseProbe(try await fixture.superuser(), within: .seconds(5))
        #expect(await probe.report().isReady)
        let children = try PostgresChildren(of: cluster.process.pid)
        children.pause()
        defer { children.resume() }
        let begin = ContinuousClock.now
        #expect(await probe.report().isReady == false)
        #expect(ContinuousClock.now - begin < .seconds(20))
        children.resume()
        #expect(await probe.report().isReady)
        try await fixture.crash()
    }
}
