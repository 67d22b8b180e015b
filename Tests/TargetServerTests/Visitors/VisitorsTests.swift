import OpsHTTP
import OpsModel
import OpsService
import OpsSpec
import OpsTestKit
import Testing

@testable import TargetServer

/// Customers that know a topology and nothing else, against a system that answers as the test says.
@Suite struct VisitorsTests {
    private static let topology = """
        topology: 1
        system: parcels
        journeys:
          track:
            request: GET /parcels/{n}
            good: {status: [200], within: 10s, body: {"data.weight_g": "> 0", "data.town": there}}
            objective: 99%
            traffic: 75%
          book:
            request: POST /bookings
            send: {parcel: "{n}", to: "town {n}"}
            good: {status: [201], within: 10s}
            objective: 99%
            traffic: 25%
        components:
          desk: {kind: http, port: 8080}
        """

    private func journeys() throws -> [PlannedJourney] {
        try Topology.parse(Self.topology).journeys.map(PlannedJourney.init)
    }

    /// Good and bad visits of one journey after one visit.
    private func visit(_ index: Int, _ install: (inout Router) -> Void) async throws -> (good: Int, bad: Int) {
        var router = Router()
        install(&router)
        let server = HTTPServer(
            configuration: .init(listen: .tcp(host: "127.0.0.1", port: 0), threads: 1, name: "desk"),
            router: router,
            logger: .silent,
            metrics: MetricsRegistry()
        )
        try await server.start()
        let (metrics, journeys) = (MetricsRegistry(), try self.journeys())
        let visitors = Visitors(
            journeys,
            doors: ["http://127.0.0.1:\(server.port)"],
            http: HTTPClient(configuration: .init(retries: 0)),
            audience: Audience(metrics: metrics, journeys: journeys.map(\.journey)),
            rate: 10,
            seed: 1
        )
        await visitors.carryOut(.init(journey: index, customer: 3, number: 7))
        await server.drain(within: .zero)
        let requests = metrics.counter("shop_journey_requests_total", "", labels: ["journey", "result"])
        let name = journeys[index].journey.name
        return (Int(requests.value([name, "good"])), Int(requests.value([name, "bad"])))
    }

    @Test func anAnswerThatTheTopologyCallsGoodIsGood() async throws {
        let seen = try await visit(0) { router in
            router.get("/parcels/7", summary: "x", access: .open) { _ in
                .json(["weight_g": 5, "town": "there"] as JSONValue)
            }
        }
        #expect(seen == (1, 0))
    }

    @Test(arguments: [["weight_g": 0, "town": "there"], ["weight_g": 5, "town": "elsewhere"], [:]] as [JSONValue])
    func anotherBodyIsBad(_ data: JSONValue) async throws {
        let seen = try await visit(0) { router in
            router.get("/parcels/7", summary: "x", access: .open) { _ in .json(data) }
        }
        #expect(seen == (0, 1))
    }

    @Test func anotherStatusIsBad() async throws {
        let seen = try await visit(1) { router in
            router.get("/parcels/7", summary: "x", access: .open) { _ in .json([:] as JSONValue) }
        }
        #expect(seen == (0, 1))
    }

    @Test func whatIsSentIsWhatTheTopologySays() throws {
        let book = try journeys()[1]
        #expect(book.body(7) == ["parcel": 7, "to": "town 7"])
        #expect(try journeys()[0].body(7) == nil)
        #expect(try journeys()[0].target(7) == "/parcels/7")
    }

    @Test func oneSeedGivesOneSequenceAndJourneysTakeTheirShares() {
        var (one, other) = (VisitorTraffic(weights: [3, 1], seed: 5), VisitorTraffic(weights: [3, 1], seed: 5))
        let visits = (0..<400).map { _ in one.next() }
        #expect(visits == (0..<400).map { _ in other.next() })
        #expect(visits.count { $0.journey == 0 } == 300)
        #expect(visits.allSatisfy { VisitorTraffic.numbers.contains($0.number) })
    }
}
