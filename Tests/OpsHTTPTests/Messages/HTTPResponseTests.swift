import OpsHTTP
import OpsModel
import Testing

@Suite struct HTTPResponseTests {
    private func document(_ response: HTTPResponse) throws -> JSONValue {
        try OpsJSON.decode(JSONValue.self, from: response.bytes)
    }

    @Test func wrapsSuccess() throws {
        let response = HTTPResponse.json(["a": 1], status: 201, message: "made")
        #expect(response.status == 201)
        #expect(try document(response) == ["data": ["a": 1], "message": "made"])
    }

    @Test func wrapsFailureWithHintAndDetails() throws {
        let error = HTTPError(
            status: 429,
            code: "too_many",
            message: "No.",
            hint: "Wait.",
            details: ["limit": 3],
            retryAfter: 7
        )
        let response = HTTPResponse.error(error)
        #expect(
            try document(response) == ["error": "No.", "code": "too_many", "details": ["limit": 3, "hint": "Wait."]]
        )
        #expect(response.headers["Retry-After"] == "7")
    }

    @Test func whatCannotBeJSONIsAnError() throws {
        let response = HTTPResponse.json(["x": Double.infinity])
        #expect(response.status == 500)
        #expect(try document(response)["code"] == "unencodable")
    }

    @Test func pagesLoadNothingFromElsewhere() {
        let response = HTTPResponse.html("<p>x</p>")
        #expect(response.headers["Content-Security-Policy"]?.contains("default-src 'none'") == true)
    }
}
