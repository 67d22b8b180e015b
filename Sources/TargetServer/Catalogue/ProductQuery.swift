import OpsHTTP
import OpsPostgres

/// Which products are listed, and in which order.
struct ProductQuery: Sendable, Equatable {
    enum Order: String, Sendable {
        case id
        case price
        /// Price per weight, kept for an old mobile client.
        case value
    }

    var page: PageQuery
    var search: String?
    var order = Order.id

    init(_ request: HTTPRequest) throws(HTTPError) {
        page = try PageQuery(request)
        search = request[query: "q"].flatMap { $0.isEmpty ? nil : $0 }
        guard let text = request[query: "sort"] else { return }
        guard let order = Order(rawValue: text) else {
            throw .unprocessable(
                "Products cannot be sorted by that.",
                code: "bad_query",
                hint: "sort: id, price or value."
            )
        }
        self.order = order
    }

    /// The name of this list in the cache; nil for lists that too few people ask for.
    var cacheKey: String? {
        search == nil && order == .id ? "products-\(page.size)-\(page.number)" : nil
    }

    /// Every page shows the total, so one statement gives both.
    var statement: (sql: String, values: [PostgresValue]) {
        let ordering =
            ["id": "id", "price": "price_cents, id", "value": "price_cents / weight_g, id"][order.rawValue] ?? "id"
        var values: [PostgresValue] = [.int(page.size), .int(page.offset)]
        var condition = ""
        if let search {
            condition = "WHERE name ILIKE $3 OR description ILIKE $3"
            let escaped = search.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
            values.append(.text("%\(escaped)%"))
        }
        let sql = """
            SELECT \(Product.columns), count(*) OVER () AS total FROM products \(condition)
            ORDER BY \(ordering) LIMIT $1 OFFSET $2
            """
        return (sql, values)
    }
}
