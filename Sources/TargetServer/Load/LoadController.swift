import OpsHTTP
import OpsModel

/// The load over HTTP: how the journeys go is for everybody who watches, what was bought for the referee.
struct LoadController: Sendable {
    struct Order: Decodable {
        var rate: Double?
        var mix: [String: Int]?
        var declines: Double?
        var forS: Double?

        enum CodingKeys: String, CodingKey {
            case rate
            case mix
            case declines
            case forS = "for_s"
        }
    }

    let audience: Audience
    let generator: LoadGenerator
    let ledger: Ledger
    let auditor: LedgerAuditor
    let recent: RecentCharges

    /// What counts as the last seconds: long enough for some dozens of purchases.
    private static let recentS = 10.0

    func install(in router: inout Router) {
        let ledgerScope = Access.scope("ledger")
        router.get(
            "/journeys",
            summary: "Closed half seconds of each journey, after= the last number known.",
            access: .open
        ) { .json(audience.buckets(after: try $0.integer(query: "after", default: 0, in: 0...Int.max))) }
        router.get("/ledger", summary: "Acknowledged purchases, since= seconds since 1970.", access: ledgerScope) {
            .json(ledger.since(try Self.moment($0)))
        }
        router.get(
            "/ledger/agreement",
            summary: "Whether what was acknowledged in the last seconds was charged as ordered.",
            access: ledgerScope
        ) { _ in
            let since = Timestamp.now().secondsSinceEpoch - Self.recentS
            return .json(recent.compare(ledger.since(since), over: Self.recentS))
        }
        router.get(
            "/ledger/audit",
            summary: "Compares customers', shop's and providers' accounts.",
            access: ledgerScope
        ) {
            .json(try await auditor.audit(since: Self.moment($0)))
        }
        router.get("/mix", summary: "What the customers do at the moment.", access: ledgerScope) { _ in answer() }
        router.post(
            "/mix",
            summary: "Changes what the customers do, for for_s seconds or for good.",
            access: ledgerScope,
            request: Schemas.mix,
            handler: change
        )
    }

    @Sendable private func change(_ request: HTTPRequest) async throws -> HTTPResponse {
        let order = try request.json(Order.self)
        var mix = generator.mix
        mix.rate = order.rate ?? mix.rate
        mix.browse = order.mix?["browse"] ?? mix.browse
        mix.checkout = order.mix?["checkout"] ?? mix.checkout
        mix.fulfil = order.mix?["fulfil"] ?? mix.fulfil
        mix.declines = order.declines
        try mix.validate()
        generator.set(mix, for: order.forS.map { .seconds($0) })
        return answer()
    }

    private func answer() -> HTTPResponse {
        let mix = generator.mix
        let document: JSONValue = [
            "rate": .double(mix.rate), "declines": mix.declines.map { .double($0) } ?? .null,
            "mix": ["browse": .int(mix.browse), "checkout": .int(mix.checkout), "fulfil": .int(mix.fulfil)],
        ]
        return .json(document)
    }

    /// Seconds since 1970, or RFC 3339; the beginning of time when nothing is said.
    private static func moment(_ request: HTTPRequest) throws(HTTPError) -> Double {
        guard let text = request[query: "since"] else { return 0 }
        if let seconds = Double(text) ?? Timestamp(text)?.secondsSinceEpoch { return seconds }
        throw .unprocessable("since is no moment.", code: "bad_query", hint: "Seconds since 1970, or RFC 3339.")
    }
}
