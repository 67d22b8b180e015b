/// What comparing the customers' ledger with the database and the providers found.
public struct LedgerAudit: Codable, Hashable, Sendable {
    /// Orders that were acknowledged to customers.
    public var orders: Int
    /// Of those, the ones that the database does not have.
    public var ordersLost: Int
    /// Orders that were charged more than once over all providers.
    public var chargedTwice: Int
    /// Orders whose charge and amount differ.
    public var mismatches: Int
    /// The first twenty findings in words.
    public var details: [String]

    /// Puts the parts together as given.
    public init(
        orders: Int,
        ordersLost: Int,
        chargedTwice: Int,
        mismatches: Int,
        details: [String] = []
    ) {
        self.orders = orders
        self.ordersLost = ordersLost
        self.chargedTwice = chargedTwice
        self.mismatches = mismatches
        self.details = details
    }

    private enum CodingKeys: String, CodingKey {
        case orders
        case ordersLost = "orders_lost"
        case chargedTwice = "charged_twice"
        case mismatches
        case details
    }
}

extension LedgerAudit {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        orders = try members.decode(Int.self, forKey: .orders)
        ordersLost = try members.decode(Int.self, forKey: .ordersLost)
        chargedTwice = try members.decode(Int.self, forKey: .chargedTwice)
        mismatches = try members.decode(Int.self, forKey: .mismatches)
        details = try members.decodeIfPresent([String].self, forKey: .details) ?? []
    }
}
