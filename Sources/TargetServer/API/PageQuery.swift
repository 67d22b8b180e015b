import OpsHTTP

/// Which part of a list is asked for: `page` from 1, `per_page` up to 100.
struct PageQuery: Sendable, Equatable {
    var number: Int
    var size: Int

    init(_ request: HTTPRequest) throws(HTTPError) {
        number = try request.integer(query: "page", default: 1, in: 1...100_000)
        size = try request.integer(query: "per_page", default: 20, in: 1...100)
    }

    var offset: Int { (number - 1) * size }
}

/// One page of a list, in the house's envelope.
struct Page<Element: Encodable>: Encodable {
    struct Position: Encodable {
        var number: Int
        var size: Int
        var total: Int
    }

    var data: [Element]
    var message = "ok"
    var page: Position
    /// The id of what sells best of these, for lists that say so.
    var bestSeller: Int?

    enum CodingKeys: String, CodingKey {
        case data, message, page
        case bestSeller = "best_seller"
    }

    init(_ data: [Element], _ query: PageQuery, total: Int) {
        self.data = data
        page = Position(number: query.number, size: query.size, total: total)
    }
}
