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
