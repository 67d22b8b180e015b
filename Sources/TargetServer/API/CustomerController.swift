import OpsHTTP
import OpsModel
import OpsPostgres

/// Customers over HTTP.
struct CustomerController: Sendable {
    struct Customer: Encodable {
        var id: Int
        var name: String
        var email: String
        var postcode: String?

        init(_ row: PostgresRow) throws(PostgresError) {
            id = try row.int("id")
            name = try row.string("name")
            email = try row.string("email")
            postcode = row["postcode"]
        }
    }

    struct Draft: Decodable {
        var name: String
        var email: String
        var postcode: String?

        var values: [PostgresValue] { [.text(name), .text(email), .optional(postcode)] }

        func validate() throws(HTTPError) {
            var problems = Problems()
            problems.check((1...200).contains(name.count), "name: 1 to 200 characters")
            let at = email.split(separator: "@", omittingEmptySubsequences: false)
            problems.check(
                at.count == 2 && at.allSatisfy { !$0.isEmpty } && email.count <= 200 && !email.contains(" "),
                "email: an address with one @"
            )
            problems.check((postcode ?? "0").count <= 12, "postcode: at most 12 characters")
            try problems.throwIfAny()
        }
    }

    static let columns = "id, name, email, postcode"
    let database: ShopDatabase

    func install(in router: inout Router) {
        let (path, one) = ("/api/customers", "/api/customers/{id}")
        router.get(path, summary: "Customers, page by page.", access: .open, handler: list)
        router.get(one, summary: "One customer.", access: .open, handler: show)
        router.post(
            path,
            summary: "Adds a customer.",
            access: .open,
            request: Schemas.customer,
            successStatus: 201,
            handler: create
        )
        router.put(one, summary: "Changes a customer.", access: .open, request: Schemas.customer, handler: update)
        router.delete(one, summary: "Removes a customer without orders.", access: .open, handler: remove)
    }

    @Sendable private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        let page = try PageQuery(request)
        let rows = try await database.query(
            "SELECT \(Self.columns), count(*) OVER () AS total FROM customers ORDER BY id LIMIT $1 OFFSET $2",
            [.int(page.size), .int(page.offset)]
        )
        return .plainJSON(Page(try rows.map { try Customer($0) }, page, total: rows.first?.optionalInt("total") ?? 0))
    }

    @Sendable private func show(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try Identity.number(request)
        return try answer(await database.query("SELECT \(Self.columns) FROM customers WHERE id = $1", [.int(id)]))
    }

    @Sendable private func create(_ request: HTTPRequest) async throws -> HTTPResponse {
        let draft = try request.json(Draft.self)
        try draft.validate()
        let rows = try await database.query(
            "INSERT INTO customers (name, email, postcode) VALUES ($1, $2, $3) RETURNING \(Self.columns)",
            draft.values
        )
        return try answer(rows, status: 201)
    }

    @Sendable private func update(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try Identity.number(request)
        let draft = try request.json(Draft.self)
        try draft.validate()
        let rows = try await database.query(
            "UPDATE customers SET name = $1, email = $2, postcode = $3 WHERE id = $4 RETURNING \(Self.columns)",
            draft.values + [.int(id)]
        )
        return try answer(rows)
    }

    @Sendable private func remove(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try Identity.number(request)
        guard try await database.query("DELETE FROM customers WHERE id = $1", [.int(id)]).affected == 1 else {
            throw Identity.missing("customer")
        }
        return HTTPResponse(status: 204)
    }

    private func answer(_ rows: PostgresRows, status: Int = 200) throws -> HTTPResponse {
        guard let row = rows.first else { throw Identity.missing("customer") }
        return .json(try Customer(row), status: status)
    }
}
