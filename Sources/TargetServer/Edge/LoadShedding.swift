import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// Turns part of the customers' requests away for a while, when somebody asks for that.
///
/// It is kept in memory with its end: nobody has to come back for it, and a restart ends it.
final class LoadShedding: Middleware {
    private struct Order: Decodable {
        var id: String
        var routes: [String]
        var ratio: Double
        var forS: Double
        var rampS: Double?

        enum CodingKeys: String, CodingKey {
            case id, routes, ratio
            case forS = "for_s"
            case rampS = "ramp_s"
        }
    }

    private let state = Mutex(Shedding())
    private let logger: Logger
    private let turnedAway: Counter

    init(logger: Logger, metrics: MetricsRegistry) {
        self.logger = logger
        self.turnedAway = metrics.counter("shop_edge_shed_total", "Requests that were turned away on purpose.")
        metrics.gauge("shop_edge_shed_ratio", "Share of some routes' requests that is turned away on purpose.") {
            [self] in
            [([], self.state.withLock { $0.share() })]
        }
    }

    func handle(_ request: HTTPRequest, route: Route, next: Route.Handler) async throws -> HTTPResponse {
        if self.state.withLock({ $0.turnsAway(request.method.rawValue, request.path) }) {
            self.turnedAway.add()
            throw HTTPError.unavailable("The shop has too much to do.", code: "shed", hint: "Try again later.")
        }
        return try await next(request)
    }

    func install(in router: inout Router) {
        router.get("/shedding", summary: "What is turned away on purpose, and for how long.", access: .open) { _ in
            self.answer()
        }
        router.put(
            "/shedding",
            summary: "Turns a share of the requests for some routes away, for for_s seconds.",
            access: .scope("shed"),
            request: Schemas.shedding,
            handler: self.begin
        )
        router.delete("/shedding/{id}", summary: "Turns nothing away any more.", access: .scope("shed")) { request in
            let id = try request.parameter("id")
            self.state.withLock { $0.stop(id) }
            self.logger.info("shedding was ended", ["id": .string(id)])
            return self.answer()
        }
    }

    @Sendable private func begin(_ request: HTTPRequest) async throws -> HTTPResponse {
        let order = try request.json(Order.self)
        try Self.check(order)
        self.state.withLock { state in
            state.begin(
                Shedding.Order(
                    id: order.id,
                    routes: order.routes,
                    ratio: order.ratio,
                    duration: .seconds(order.forS),
                    ramp: .seconds(order.rampS ?? 0)
                )
            )
        }
        let fields: [String: JSONValue] = [
            "id": .string(order.id), "ratio": .double(order.ratio), "for_s": .double(order.forS),
        ]
        self.logger.warning("requests are turned away on purpose", fields)
        return self.answer()
    }

    private static func check(_ order: Order) throws(HTTPError) {
        var problems = Problems()
        problems.check(
            (1...100).contains(order.id.utf8.count) && !order.id.contains("/"),
            "id: 1 to 100 bytes, no slash"
        )
        problems.check((1...16).contains(order.routes.count), "routes: 1 to 16")
        problems.check(order.routes.allSatisfy(self.isRoute), "routes: each a method, a blank and a path below /api/")
        problems.check(order.ratio > 0 && order.ratio <= 0.95, "ratio: above 0, 0.95 at most")
        problems.check((1...300).contains(order.forS), "for_s: 1 to 300 seconds")
        problems.check((0...max(0, order.forS)).contains(order.rampS ?? 0), "ramp_s: 0 to for_s seconds")
        try problems.throwIfAny()
    }

    private static func isRoute(_ text: String) -> Bool {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return text.utf8.count <= 200 && words.count == 2 && HTTPMethod(rawValue: String(words[0])) != nil
            && words[1].hasPrefix("/api/")
    }

    private func answer() -> HTTPResponse {
        let (order, share, left) = self.state.withLock { ($0.order, $0.share(), $0.left()) }
        let document: JSONValue = [
            "id": order.map { .string($0.id) } ?? .null,
            "routes": .array((order?.routes ?? []).map { .string($0) }),
            "ratio": .double(order?.ratio ?? 0),
            "share": .double(share),
            "left_s": .double(left.inSeconds),
        ]
        return .json(document)
    }
}
