import OpsHTTP
import OpsModel
import OpsPostgres

/// The warehouse over HTTP; `{id}` is the product's.
struct StockController: Sendable {
    struct Level: Encodable {
        var productID: Int
        var available: Int
        var sold: Int

        enum CodingKeys: String, CodingKey {
            case productID = "product_id"
            case available
            case sold
        }

        init(_ row: PostgresRow) throws(PostgresError) {
            productID = try row.int("product_id")
            available = try row.int("available")
            sold = try row.int("sold")
        }
    }

    struct Draft: Decodable {
        var available: Int

        func validate() throws(HTTPError) {
            var problems = Problems()
            problems.check((0...100_000_000).contains(available), "available: 0 to 100000000")
            try problems.throwIfAny()
        }
    }

    static let columns = "product_id, available, sold"
    let database: ShopDatabase

    func install(in router: inout Router) {
        let one = "/api/stock/{id}"
        router.get("/api/stock", summary: "Stock levels, page by page.", access: .open, handler: list)
        router.get(one, summary: "Stock of one product.", access: .open, handler: show)
        router.put(
            one,
            summary: "Sets or adds the stock of a product.",
            access: .open,
            request: Schemas.stock,
            handler: put
        )
        router.delete(one, summary: "Takes a product out of stock keeping.", access: .open, handler: remove)
    }

    @Sendable private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try PageQuery(request)
        let rows = try await database.query(
            "SELECT \(Self.columns), count(*) OVER () AS total FROM stock ORDER BY product_id LIMIT $1 OFFSET $2",
            [.int(page.size), .int(page.offset)]
        )
        return .plainJSON(Page(try rows.map { try Level($0) }, page, total: rows.first?.optionalInt("total") ?? 0))
    }

    @Sendable private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try Identity.number(request)
        let rows = try await database.query("SELECT \(Self.columns) FROM stock WHERE product_id = $1", [.int(id)])
        guard let row = rows.first else { throw Identity.missing("stock") }
        return .json(try Level(row))
    }

    @Sendable private func put(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try Identity.number(request)
        let draft = try request.json(Draft.self)
        try draft.validate()
        let rows = try await database.query(
            """
            INSERT INTO stock (product_id, available) VALUES ($1, $2)
            ON CONFLICT (product_id) DO UPDATE SET available = excluded.available RETURNING \(Self.columns)
            """,
            [.int(id), .int(draft.available)]
        )
        return .json(try Level(rows.only()))
    }

    @Sendable private func remove(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try Identity.number(request)
        guard try await database.query("DELETE FROM stock WHERE product_id = $1", [.int(id)]).affected == 1 else {
            throw Identity.missing("stock")
        }
        return HTTPResponse(status: 204)
    }
}
