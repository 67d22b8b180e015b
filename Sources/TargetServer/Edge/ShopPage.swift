import OpsHTTP
import OpsModel

/// The page for people: what is sold, and a way to buy it.
///
/// Works without scripts.
struct ShopPage: Sendable {
    private struct Listing: Decodable {
        var data: [Product]
    }

    let edge: Edge

    func answer() async -> HTTPResponse {
        do {
            let request = try HTTPRequest(.get, "/api/products?page=1&per_page=20")
            let answer = try await edge.forward(request, target: "/api/products?page=1&per_page=20")
            guard answer.status == 200 else { return .html(Self.document(Self.closed(answer.status)), status: 503) }
            let listing = try OpsJSON.decode(Listing.self, from: answer.bytes)
            var page = HTTPResponse.html(Self.document(Self.table(listing.data)))
            page.headers["X-Instance"] = answer.headers["X-Instance"]
            return page
        } catch {
            return .html(Self.document(Self.closed(502)), status: 503)
        }
    }

    private static func closed(_ status: Int) -> String {
        #"<p class="sorry">The shop cannot show its goods right now (\#(status)). Please try again in a moment.</p>"#
    }

    private static func table(_ products: [Product]) -> String {
        let rows = products.map { product in
            "<tr><td>\(escaped(product.name))</td><td>\(escaped(product.category))</td><td>\(price(product))</td></tr>"
        }
        return """
            <table><thead><tr><th>Product</th><th>Category</th><th>Price</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            """
    }

    private static func price(_ product: Product) -> String {
        let cents = product.priceCents % 100
        return "\(product.priceCents / 100).\(cents < 10 ? "0" : "")\(cents)"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private static func document(_ content: String) -> String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>The shop</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #222 }
        table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .4rem .6rem }
        thead { border-bottom: 2px solid #222 } tbody tr:nth-child(even) { background: #f4f4f4 }
        td:last-child, th:last-child { text-align: right } .sorry { background: #fdecea; padding: 1rem }
        </style></head>
        <body><h1>The shop</h1><p>Things made to be used every day.</p>
        \(content)
        <p><small>Buy with <code>POST /api/checkout</code>; <a href="/openapi.json">what else it can do</a>.</small></p>
        </body></html>
        """
    }
}
