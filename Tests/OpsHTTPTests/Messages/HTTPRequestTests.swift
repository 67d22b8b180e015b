import OpsHTTP
import Testing

@Suite struct HTTPRequestTests {
    struct Order: Codable {
        struct Line: Codable {
            var count: Int
        }
        var lines: [Line]
        var note: String?
    }

    private func decode(_ body: String) throws -> Order {
        try HTTPRequest(.post, "/orders", body: Array(body.utf8)).json(Order.self)
    }

    @Test(arguments: [
        ("", 400, "body_missing"), ("{", 400, "malformed_json"), ("nonsense", 400, "malformed_json"),
        ("{\"lines\":[{\"count\":1}]} trailing", 400, "malformed_json"), ("{}", 422, "wrong_shape"),
        ("[]", 422, "wrong_shape"), ("{\"lines\":[{\"count\":\"many\"}]}", 422, "wrong_shape"),
        ("{\"lines\":null}", 422, "wrong_shape"),
    ])
    func tellsUnreadableFromUnwanted(body: String, status: Int, code: String) throws {
        let error = #expect(throws: HTTPError.self) { try decode(body) }
        #expect(error?.status == status)
        #expect(error?.code == code)
        #expect(error?.hint != nil)
    }

    private func form(_ body: String) throws -> [String: String] {
        try HTTPRequest(.post, "/orders", body: Array(body.utf8)).form(limit: 3)
    }

    @Test func readsAForm() throws {
        #expect(try form("a=1&with.mode=row+lock&c=%C3%A9%26=&") == ["a": "1", "with.mode": "row lock", "c": "é&="])
        #expect(try form("a&b=") == ["a": "", "b": ""])
    }

    @Test(arguments: [
        ("", "body_missing"), ("a=%", "malformed_form"), ("a=%zz", "malformed_form"), ("a=%FF", "malformed_form"),
        ("a=%00", "malformed_form"), ("a=1&a=1", "repeated_member"), ("a=1&b=1&c=1&d=1", "form_too_long"),
    ])
    func refusesADoubtfulForm(body: String, code: String) {
        let error = #expect(throws: HTTPError.self) { try form(body) }
        #expect(error?.status == 400 && error?.code == code)
    }

    @Test(arguments: [
        ("application/json", "application/json"), ("Application/X-WWW-form-urlencoded; charset=utf-8", Route.formType),
        ("", ""),
    ])
    func namesTheMediaType(header: String, type: String) throws {
        #expect(try HTTPRequest(.post, "/", headers: ["Content-Type": header]).mediaType == type)
    }

    @Test func namesThePlaceOfAWrongMember() throws {
        let error = #expect(throws: HTTPError.self) { try decode(#"{"lines":[{"count":1},{"count":true}]}"#) }
        #expect(error?.message == "The member lines.1.count has to be a whole number.")
    }

    @Test func readsWholeNumbersWithinBounds() throws {
        let request = try HTTPRequest(.get, "/x?limit=20&bad=ten&far=1000")
        #expect(try request.integer(query: "limit", default: 5, in: 1...100) == 20)
        #expect(try request.integer(query: "missing", default: 5, in: 1...100) == 5)
        #expect(throws: HTTPError.self) { try request.integer(query: "bad", default: 5, in: 1...100) }
        #expect(throws: HTTPError.self) { try request.integer(query: "far", default: 5, in: 1...100) }
    }

    @Test func takesOverHarmlessRequestIDsOnly() throws {
        #expect(try HTTPRequest(.get, "/", headers: ["X-Request-Id": "abc-1"]).requestID == "abc-1")
        for bad in ["", "a b", "a\u{1B}[31m", String(repeating: "x", count: 65)] {
            #expect(try HTTPRequest(.get, "/", headers: ["X-Request-Id": bad]).requestID.hasPrefix("req-"))
        }
    }
}
