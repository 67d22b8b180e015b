/// What is asked of a payment provider.
///
/// The key names the charge: however often it is asked, it is made once.
struct Charge: Codable, Sendable, Equatable {
    var key: String
    var amountCents: Int
    var card: String

    enum CodingKeys: String, CodingKey {
        case key
        case amountCents = "amount_cents"
        case card
    }
}

/// What a provider did about a charge.
struct ChargeRecord: Codable, Sendable, Equatable {
    enum Result: String, Codable, Sendable {
        case charged
        case declined
    }

    var seq: Int
    var id: String
    var key: String
    var amountCents: Int
    var result: Result
    /// Seconds since 1970.
    var at: Double

    enum CodingKeys: String, CodingKey {
        case seq
        case id
        case key
        case amountCents = "amount_cents"
        case result
        case at
    }
}
