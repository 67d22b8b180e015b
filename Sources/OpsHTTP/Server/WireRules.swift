/// Shapes of a request header that two programs would read differently, and sizes that nobody needs.
///
/// libmicrohttpd takes most of them. Each is the beginning of request smuggling, so none reaches a route.
enum WireRules {
    static let fieldLimit = 100
    static let sizeLimit = 16_384

    static func check(_ headers: HTTPHeaders, bodyLimit: Int) throws(HTTPError) {
        let size = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        guard headers.count <= fieldLimit, size <= sizeLimit else {
            throw HTTPError(
                status: 431,
                code: "header_too_large",
                message: "The header has more than \(fieldLimit) fields or \(sizeLimit) bytes.",
                hint: "Send fewer or shorter header fields."
            )
        }
        guard headers.allSatisfy({ isToken($0.name) && !hasControl($0.value) }) else {
            throw ambiguous("A header field has a name or value with characters that are not allowed.")
        }
        guard headers.all("Host").count == 1 else { throw ambiguous("The request needs exactly one Host field.") }
        try checkFraming(headers, bodyLimit: bodyLimit)
    }

    /// How much of a body that is larger than `limit` is read before it is refused, in bytes.
    ///
    /// Who still sends while the connection ends may see a broken connection in place of the answer.
    static func readLimit(_ limit: Int) -> Int { 2 * limit + 65_536 }

    static func tooLarge(_ limit: Int) -> HTTPError {
        HTTPError(
            status: 413,
            code: "body_too_large",
            message: "The body is larger than \(limit) bytes.",
            hint: "Send less at a time."
        )
    }

    private static func checkFraming(_ headers: HTTPHeaders, bodyLimit: Int) throws(HTTPError) {
        let lengths = headers.all("Content-Length")
        let codings = headers.all("Transfer-Encoding")
        guard lengths.count + codings.count <= 1 else {
            throw ambiguous("The request states the length of its body more than once.")
        }
        if let coding = codings.first, coding.lowercased() != "chunked" {
            throw ambiguous("The only transfer encoding understood is chunked.")
        }
        guard let text = lengths.first else { return }
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            throw ambiguous("Content-Length has to be a plain number.")
        }
        guard let length = Int(text), length <= readLimit(bodyLimit) else { throw tooLarge(bodyLimit) }
    }

    private static func ambiguous(_ message: String) -> HTTPError {
        .badRequest("ambiguous_request", message, hint: "Use an HTTP client that follows RFC 9112.")
    }

    private static func hasControl(_ value: String) -> Bool {
        value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
    }

    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !separators.contains($0) }
    }

    private static let separators = Set("()<>@,;:\\\"/[]?={}".utf8)
}
