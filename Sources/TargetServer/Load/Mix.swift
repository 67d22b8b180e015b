import OpsHTTP

/// What the customers do at the moment.
struct Mix: Sendable, Equatable {
    /// Requests per second.
    var rate = 120.0
    var browse = 70
    var checkout = 25
    var fulfil = 5
    /// Share of checkouts with a card that will be declined; nil for whatever cards people happen to have.
    var declines: Double?

    static let usual = Mix()

    func validate() throws(HTTPError) {
        var problems = Problems()
        problems.check((1...2_000).contains(rate), "rate: 1 to 2000 requests per second")
        problems.check([browse, checkout, fulfil].allSatisfy { (0...100).contains($0) }, "mix: 0 to 100 each")
        problems.check(browse + checkout + fulfil > 0, "mix: something has to be done")
        problems.check((0...1).contains(declines ?? 0), "declines: 0 to 1")
        try problems.throwIfAny()
    }
}
