import OpsHTTP
import OpsModel

/// What the lab asks customers of any system: how their visits went, and to come more or less often.
///
/// There is no ledger: only the shop's customers know what an acknowledged purchase is.
struct VisitorController: Sendable {
    struct Order: Decodable {
        var rate: Double?
        var forS: Double?

        enum CodingKeys: String, CodingKey {
            case rate
            case forS = "for_s"
        }
    }

    let audience: Audience
    let visitors: Visitors

    func install(in router: inout Router) {
        let scope = Access.scope("ledger")
        router.get(
            "/journeys",
            summary: "Closed half seconds of each journey, after= the last number known.",
            access: .open
        ) { .json(audience.buckets(after: try $0.integer(query: "after", default: 0, in: 0...Int.max))) }
        router.get("/mix", summary: "How often the customers come at the moment.", access: scope) { _ in self.answer() }
        router.post(
            "/mix",
            summary: "Changes how often the customers come, for for_s seconds or for good.",
            access: scope,
            request: Schemas.mix,
            handler: change
        )
    }

    @Sendable private func change(_ request: HTTPRequest) async throws -> HTTPResponse {
        let order = try request.json(Order.self)
        if let rate = order.rate {
            var problems = Problems()
            problems.check((1...2_000).contains(rate), "rate: 1 to 2000 requests per second")
            try problems.throwIfAny()
            self.visitors.set(rate: rate, for: order.forS.map { .seconds($0) })
        }
        return self.answer()
    }

    private func answer() -> HTTPResponse { .json(["rate": .double(self.visitors.rate)] as JSONValue) }
}
