import OpsHTTP
import OpsModel

/// What a customer wants to buy.
///
/// Checked as a whole: every problem is named at once.
struct CheckoutRequest: Decodable, Sendable {
    struct Item: Codable, Sendable, Equatable {
        var productID: Int
        var quantity: Int

        enum CodingKeys: String, CodingKey {
            case productID = "product_id"
            case quantity
        }
    }

    var customerID: Int
    var items: [Item]
    var card: String
    var note: String?

    enum CodingKeys: String, CodingKey {
        case customerID = "customer_id"
        case items
        case card
        case note
    }

    /// The items in the order in which their stock is locked: the same for everybody, so that no two checkouts deadlock.
    var lockOrder: [Item] { items.sorted { $0.productID < $1.productID } }

    func validate() throws(HTTPError) {
        var problems = Problems()
        problems.check((1...20).contains(items.count), "items: 1 to 20 different products")
        problems.check(Set(items.map(\.productID)).count == items.count, "items: each product once")
        problems.check(items.allSatisfy { (1...100).contains($0.quantity) }, "items: quantities from 1 to 100")
        problems.check((4...64).contains(card.utf8.count), "card: a token of 4 to 64 characters")
        problems.check((note ?? "").utf8.count <= 500, "note: at most 500 characters")
        try problems.throwIfAny()
    }

    /// The key that makes repeating a checkout safe.
    static func key(of request: HTTPRequest) throws(HTTPError) -> String {
        guard let key = request.headers["Idempotency-Key"], (8...80).contains(key.utf8.count),
            key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2F })
        else {
            throw .badRequest(
                "idempotency_key_missing",
                "A checkout needs a key of its own.",
                hint:
                    "Send Idempotency-Key with 8 to 80 visible characters, and the same one when you repeat the request."
            )
        }
        return key
    }
}
