import OpsHTTP
import OpsModel
import OpsPostgres

/// Orders over HTTP.
///
/// Money moves at `/api/checkout` only; here are drafts, notes and looking.
struct OrderController: Sendable {
    struct Draft: Decodable {
        var customerID: Int
        var note: String?

        enum CodingKeys: String, CodingKey {
            case customerID = "customer_id"
            case note
        }
    }

    struct Note: Decodable {
        var note: String

        func validate() throws(HTTPError) {
            var problems = Problems()
            problems.check(note.utf8.count <= 500, "note: at most 500 characters")
            try problems.throwIfAny()
        }
    }

    let database: ShopDatabase

    func install(in router: inout Router) {
        let (path, one) = ("/api/orders", "/api/orders/{id}")
        router.get(path, summary: "Orders, newest first; customer= for one customer's.", access: .open, handler: list)
        router.get(one, summary: "One order.", access: .open, handler: show)
        router.post(
            path,
            summary: "Begins a draft.",
            access: .open,
            request: Schemas.draft,
            successStatus: 201,
            handler: create
        )
        router.put(one, summary: "Changes the note of an order.", access: .open, request: Schemas.note, handler: update)
        router.delete(one, summary: "Removes a draft.", access: .open, handler: remove)
    }

    @Sendable private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try PageQuery(request)
        let customer = try request.integer(query: "customer", default: 0, in: 0...Int(Int32.max))
        let condition = customer > 0 ? "WHERE customer_id = $3" : ""
        let rows = try await database.query(
            "SELECT \(Order.columns) FROM orders \(condition) ORDER BY created_at DESC LIMIT $1 OFFSET $2",
            [.int(page.size), .int(page.offset)] + (customer > 0 ? [.int(customer)] : [])
        )
        return .json(try rows.map { try Order($0) })
    }

    @Sendable private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try request.parameter("id")
        return try answer(await database.query("SELECT \(Order.columns) FROM orders WHERE id = $1", [.text(id)]))
    }

    @Sendable private func create(_ request: HTTPRequest) async throws -> HTTPResponse {
        let draft = try request.json(Draft.self)
        try Note(note: draft.note ?? "").validate()
        let id = Identifier.random(prefix: "ord", length: 14)
        let rows = try await database.query(
            """
            INSERT INTO orders (id, idempotency_key, customer_id, state, amount_cents, remark)
            VALUES ($1, $1, $2, 'draft', 0, $3) RETURNING \(Order.columns)
            """,
            [.text(id), .int(draft.customerID), .text(draft.note ?? "")]
        )
        return try answer(rows, status: 201)
    }

    @Sendable private func update(_ request: HTTPRequest) async throws -> HTTPResponse {
        let note = try request.json(Note.self)
        try note.validate()
        let rows = try await database.query(
            "UPDATE orders SET remark = $2, updated_at = now() WHERE id = $1 RETURNING \(Order.columns)",
            [.text(try request.parameter("id")), .text(note.note)]
        )
        return try answer(rows)
    }

    @Sendable private func remove(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = PostgresValue.text(try request.parameter("id"))
        let rows = try await database.query("DELETE FROM orders WHERE id = $1 AND state = 'draft'", [id])
        if rows.affected == 1 { return HTTPResponse(status: 204) }
        guard try await database.query("SELECT FROM orders WHERE id = $1", [id]).isEmpty else {
            throw HTTPError.conflict(
                "not_a_draft",
                "Only drafts can be removed.",
                hint: "A paid order stays on the books."
            )
        }
        throw Identity.missing("order")
    }

    private func answer(_ rows: PostgresRows, status: Int = 200) throws -> HTTPResponse {
        guard let row = rows.first else { throw Identity.missing("order") }
        return .json(try Order(row), status: status)
    }
}
