import OpsHTTP
import OpsModel
import OpsPostgres

/// Products over HTTP.
///
/// Lists come from the cache when they can.
struct ProductController: Sendable {
    let database: ShopDatabase
    let cache: CatalogueCache
    let flights: SingleFlight<[UInt8]>?
    let flags: FlagBoard
    let marks: CatalogueMarks
    let ranks: SalesRanks

    func install(in router: inout Router) {
        router.get("/api/products", summary: "Products, page by page.", access: .open, handler: list)
        router.get("/api/products/{id}", summary: "One product.", access: .open, handler: show)
        router.post(
            "/api/products",
            summary: "Adds a product.",
            access: .open,
            request: Schemas.product,
            successStatus: 201,
            handler: create
        )
        router.put(
            "/api/products/{id}",
            summary: "Changes a product.",
            access: .open,
            request: Schemas.product,
            handler: update
        )
        router.delete("/api/products/{id}", summary: "Removes a product.", access: .open, handler: remove)
    }

    @Sendable private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let query = try ProductQuery(request)
        guard let key = query.cacheKey else { return await answer(try await render(query)) }
        switch cache.look(up: key) {
        case .hit(let content): return await answer(content)
        case .miss: return await answer(try await fill(key, query))
        case .bad, .unreadable:
            throw HTTPError(
                status: 500,
                code: "catalogue_unreadable",
                message: "The catalogue cannot be read.",
                hint: "Try again later."
            )
        }
    }

    private func fill(_ key: String, _ query: ProductQuery) async throws -> [UInt8] {
        let load: @Sendable () async throws -> [UInt8] = {
            let content = try await render(query)
            // Asked last and at the source: what is promised here cannot be taken back for an hour.
            cache.store(content, for: key, isImmutable: await flags.isOnNow("immutable-lists"))
            return content
        }
        guard let flights else { return try await load() }
        return try await flights.run(key, load)
    }

    private func render(_ query: ProductQuery) async throws -> [UInt8] {
        let statement = query.statement
        let rows = try await database.query(statement.sql, statement.values)
        let total = rows.first?.optionalInt("total") ?? 0
        let products = try rows.map { try Product($0) }
        var page = Page(products, query.page, total: total)
        if query.cacheKey != nil { page.bestSeller = try await ranks.best(of: products.map(\.id)) }
        return try OpsJSON.encode(page)
    }

    @Sendable private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try Identity.number(request)
        _ = flags.isOn("related-products")
        let rows = try await database.query("SELECT \(Product.columns) FROM products WHERE id = $1", [.int(id)])
        guard let row = rows.first else { throw Identity.missing("product") }
        return .json(try Product(row))
    }

    @Sendable private func create(_ request: HTTPRequest) async throws -> HTTPResponse {
        let draft = try request.json(ProductDraft.self)
        try draft.validate()
        let rows = try await database.query(
            """
            WITH added AS (
              INSERT INTO products (name, category, description, price_cents, weight_g) VALUES ($1, $2, $3, $4, $5)
              RETURNING \(Product.columns)
            ), stocked AS (INSERT INTO stock (product_id, available) SELECT id, 0 FROM added)
            SELECT * FROM added
            """,
            draft.values(isNew: true)
        )
        cache.forget(prefix: "products-")
        return .json(try Product(rows.only()), status: 201)
    }

    @Sendable private func update(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try Identity.number(request)
        let draft = try request.json(ProductDraft.self)
        try draft.validate()
        let rows = try await database.query(
            """
            WITH changed AS (
              UPDATE products SET name = $1, category = $2, description = coalesce($3, description), price_cents = $4, weight_g = $5
              WHERE id = $6 RETURNING \(Product.columns)
            )
            SELECT *, (SELECT count(*) FROM products WHERE id <= $6) AS place FROM changed
            """,
            draft.values(isNew: false) + [.int(id)]
        )
        guard let row = rows.first else { throw Identity.missing("product") }
        cache.forget(productAt: try row.int("place"))
        return .json(try Product(row))
    }

    @Sendable private func remove(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try Identity.number(request)
        let rows = try await database.query("DELETE FROM products WHERE id = $1", [.int(id)])
        guard rows.affected == 1 else { throw Identity.missing("product") }
        cache.forget(prefix: "products-")
        return HTTPResponse(status: 204)
    }

    private func answer(_ content: [UInt8]) async -> HTTPResponse {
        var response = HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: .bytes(content))
        if let count = await marks.soldOut(in: content) { response.headers["X-Sold-Out-In-Print"] = String(count) }
        return response
    }
}
