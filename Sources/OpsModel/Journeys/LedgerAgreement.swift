/// How the purchases that were acknowledged in the last seconds agree with what the providers charged for them.
public struct LedgerAgreement: Codable, Hashable, Sendable {
    /// Seconds that were looked back.
    public var windowS: Double
    /// Purchases that were acknowledged in them.
    public var orders: Int
    /// Of those, the ones whose charge is known by now.
    public var compared: Int
    /// Of those, the ones that were charged with another amount than was ordered.
    public var mismatched: Int

    /// Puts the parts together as given.
    public init(windowS: Double, orders: Int, compared: Int, mismatched: Int) {
        self.windowS = windowS
        self.orders = orders
        self.compared = compared
        self.mismatched = mismatched
    }

    private enum CodingKeys: String, CodingKey {
        case windowS = "window_s"
        case orders
        case compared
        case mismatched
    }
}
