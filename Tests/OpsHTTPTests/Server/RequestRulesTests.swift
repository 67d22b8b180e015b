import OpsHTTP
import OpsModel
import Testing

/// Each case is asked of the pipeline directly and over a socket; both have to answer alike.
@Suite struct RequestRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var method = HTTPMethod.get
        var target: String
        var headers: HTTPHeaders = [:]
        var body = ""
        var status: Int
        var code: String?

        var testDescription: String { name }
    }

    struct Payload: Codable {
        var name: String
    }

    struct Breaker: Error {}

    static let json: HTTPHeaders = ["X-API-Key": "writer", "Content-Type": "application/json"]

    static let cases: [Case] = [
        Case(name: "success", target: "/items/7", status: 200),
        Case(name: "head", method: .head, target: "/items/7", status: 200),
        Case(name: "no such path", target: "/nowhere", status: 404, code: "not_found"),
        Case(name: "no such item", target: "/items/404", status: 404, code: "not_found"),
        Case(name: "wrong method", method: .delete, target: "/items/7", status: 405, code: "method_not_allowed"),
        Case(name: "bad path", target: "/items/%00", status: 400, code: "bad_path"),
        Case(name: "no key", method: .post, target: "/items", status: 401, code: "unauthorized"),
        Case(
            name: "unknown key",
            method: .post,
            target: "/items",
            headers: ["Authorization": "Bearer nobody"],
            status: 401,
            code: "unauthorized"
        ),
        Case(
            name: "key without the scope",
            method: .post,
            target: "/items",
            headers: ["Authorization": "Bearer reader"],
            status: 403,
            code: "missing_scope"
        ),
        Case(
            name: "cookie is no key",
            target: "/mine",
            headers: ["Cookie": "key=reader"],
            status: 401,
            code: "unauthorized"
        ),
        Case(name: "any key", target: "/mine", headers: ["X-API-Key": "reader"], status: 200),
        Case(name: "made", method: .post, target: "/items", headers: json, body: #"{"name":"a"}"#, status: 201),
        Case(
            name: "form body",
            method: .post,
            target: "/items",
            headers: ["X-API-Key": "writer", "Content-Type": "application/x-www-form-urlencoded"],
            body: "name=a",
            status: 415,
            code: "unsupported_media_type"
        ),
        Case(
            name: "compressed body",
            method: .post,
            target: "/items",
            headers: ["X-API-Key": "writer", "Content-Type": "application/json", "Content-Encoding": "gzip"],
            body: "xx",
            status: 415,
            code: "unsupported_content_encoding"
        ),
        Case(
            name: "malformed body",
            method: .post,
            target: "/items",
            headers: json,
            body: "{\"name\":",
            status: 400,
            code: "malformed_json"
        ),
        Case(
            name: "deep body",
            method: .post,
            target: "/items",
            headers: json,
            body: String(repeating: "[", count: 100),
            status: 400,
            code: "body_too_deep"
        ),
        Case(name: "empty body", method: .post, target: "/items", headers: json, status: 400, code: "body_missing"),
        Case(
            name: "wrong shape",
            method: .post,
            target: "/items",
            headers: json,
            body: #"{"name":7}"#,
            status: 422,
            code: "wrong_shape"
        ),
        Case(
            name: "foreign host",
            target: "/items/7",
            headers: ["Host": "evil.example"],
            status: 421,
            code: "misdirected_request"
        ),
        Case(
            name: "page of another origin",
            method: .post,
            target: "/items",
            headers: ["X-API-Key": "writer", "Origin": "http://evil.example"],
            status: 403,
            code: "cross_origin"
        ),
        Case(name: "error of a library", target: "/mapped", status: 409, code: "mapped"),
        Case(name: "unexpected error", target: "/broken", status: 500, code: "internal_error"),
        Case(name: "too often", target: "/busy", status: 503, code: "unavailable"),
    ]

    static var router: Router {
        var router = Router()
        router.get("/items/{id}", summary: "One item.", access: .open) { request in
            let id = try request.parameter("id")
            if id == "404" { throw HTTPError.notFound("There is no item 404.") }
            return .json(Payload(name: id))
        }
        router.post("/items", summary: "Makes an item.", access: .scope("act")) { request in
            .json(try request.json(Payload.self), status: 201)
        }
        router.get("/mine", summary: "Who am I.", access: .anyKey) { request in .json(request.principal) }
        router.get("/mapped", summary: "Fails in a known way.", access: .open) { _ in throw Breaker() }
        router.get("/broken", summary: "Fails.", access: .open) { _ in throw RemoteFailure(secret: "hunter2") }
        router.get("/busy", summary: "Not now.", access: .open) { _ in throw HTTPError.unavailable("Not now.") }
        router.mapErrors { $0 is Breaker ? .conflict("mapped", "It is broken.") : nil }
        return router
    }

    struct RemoteFailure: Error { var secret: String }

    @Test(arguments: cases)
    func answersAlikeWithAndWithoutASocket(expected: Case) async throws {
        try await TestServer.with(Self.router) { server in
            let overSocket = try await send(expected, to: server)
            check(expected, overSocket.status, overSocket.headers, overSocket.body, "socket")
            var headers = expected.headers
            if headers["Host"] == nil { headers["Host"] = "localhost" }
            guard
                let request = try? HTTPRequest(
                    expected.method,
                    expected.target,
                    headers: headers,
                    body: Array(expected.body.utf8)
                )
            else { return }  // a bad target is refused before there is a request
            let direct = await server.respond(to: request)
            check(expected, direct.status, direct.headers, direct.bytes, "direct")
        }
    }

    private func send(_ expected: Case, to server: HTTPServer) async throws -> HTTPClientResponse {
        let request = HTTPClientRequest(
            method: expected.method,
            url: "http://127.0.0.1:\(server.port)\(expected.target)",
            headers: expected.headers,
            body: Array(expected.body.utf8),
            retries: 0
        )
        return try await HTTPClient().send(request)
    }

    private func check(_ expected: Case, _ status: Int, _ headers: HTTPHeaders, _ body: [UInt8], _ way: String) {
        #expect(status == expected.status, "\(way)")
        #expect(headers["X-Request-Id"]?.isEmpty == false, "\(way)")
        #expect(headers["X-Content-Type-Options"] == "nosniff", "\(way)")
        #expect(headers["Cache-Control"] == "no-store", "\(way)")
        guard let code = expected.code else { return }
        let document = try? OpsJSON.decode(JSONValue.self, from: body)
        #expect(document?["code"] == .string(code), "\(way)")
        #expect(document?["error"]?.stringValue?.isEmpty == false, "\(way)")
        #expect(document?["details"]?.objectValue != nil, "\(way)")
        #expect(!String(decoding: body, as: UTF8.self).contains("hunter2"), "\(way)")
        #expect((headers["Retry-After"] != nil) == [429, 503].contains(status), "\(way)")
        #expect((headers["Allow"] != nil) == (status == 405), "\(way)")
    }
}
