/// What a basket earns: as many points for each piece as its product's series gives.
///
/// Not finished. There are seven series, and the list of their points is the one from when there were five.
enum LoyaltyPoints {
    private static let bySeries = [1, 1, 2, 3, 5]

    /// Nil when a product of the basket is of a series that gives no points yet.
    static func earned(by items: [CheckoutRequest.Item]) -> Int? {
        var points = 0
        for item in items {
            let series = item.productID % 7
            guard bySeries.indices.contains(series) else { return nil }
            points += bySeries[series] * item.quantity
        }
        return points
    }
}
