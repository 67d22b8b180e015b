import OpsHTTP
import OpsPostgres

/// Something the shop sells.
struct Product: Codable, Sendable, Equatable {
    var id: Int
    var name: String
    var category: String
    var priceCents: Int
    var weightG: Int

    enum CodingKeys: String, CodingKey {
        case id
        case name
        case category
        case priceCents = "price_cents"
        case weightG = "weight_g"
    }

    static let columns = "id, name, category, price_cents, weight_g"

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.int("id")
        name = try row.string("name")
        category = try row.string("category")
        priceCents = try row.int("price_cents")
        weightG = try row.int("weight_g")
    }
}

/// A product as somebody wants it to be.
struct ProductDraft: Decodable, Sendable {
    var name: String
    var category: String
    var description: String?
    var priceCents: Int
    var weightG: Int?

    enum CodingKeys: String, CodingKey {
        case name
        case category
        case description
        case priceCents = "price_cents"
        case weightG = "weight_g"
    }

    /// In the order of the columns; a description that is left out stays as it is, and is empty where there was none.
    func values(isNew: Bool) -> [PostgresValue] {
        let description: PostgresValue = self.description.map { .text($0) } ?? (isNew ? .text("") : .null)
        return [.text(name), .text(category), description, .int(priceCents), .int(weightG ?? 0)]
    }

    func validate() throws(HTTPError) {
        var problems = Problems()
        problems.check((1...200).contains(name.count), "name: 1 to 200 characters")
        problems.check((1...50).contains(category.count), "category: 1 to 50 characters")
        problems.check((description ?? "").utf8.count <= 10_000, "description: at most 10000 bytes")
        problems.check((1...10_000_000).contains(priceCents), "price_cents: 1 to 10000000")
        problems.check((0...1_000_000).contains(weightG ?? 0), "weight_g: 0 to 1000000")
        try problems.throwIfAny()
    }
}
