import OpsHTTP
import Synchronization

@testable import ControlPlane

/// A browser, as far as these pages need one: it keeps cookies, says where its forms come from, and reads them.
final class PageVisitor: Sendable {
    let bench: GateBench
    private let jar = Mutex<[String: String]>([:])

    private static let client = HTTPClient()

    init(_ bench: GateBench) { self.bench = bench }

    /// What is kept now.
    var cookies: [String: String] { jar.withLock { $0 } }

    /// Somebody with the operator's key, signed in.
    static func inside(_ bench: GateBench) async throws -> PageVisitor {
        let visitor = PageVisitor(bench)
        _ = try await visitor.signIn(with: bench.personKey)
        return visitor
    }

    func signIn(with key: String) async throws -> HTTPClientResponse {
        let door = try await get("/approvals/login")
        return try await post("/approvals/login", ["token": Self.hidden("token", in: door.text), "key": key])
    }

    func get(_ path: String, headers: HTTPHeaders = [:]) async throws -> HTTPClientResponse {
        try await send(HTTPClientRequest(url: bench.base + path, headers: headers, retries: 0))
    }

    /// Sends a form with the browser's own origin, unless another is given; an empty one is left out.
    func post(
        _ path: String,
        _ fields: [String: String],
        origin: String? = nil,
        headers: HTTPHeaders = [:]
    ) async throws -> HTTPClientResponse {
        let pairs = fields.map { "\($0.key)=\(PercentEncoding.encode($0.value))" }
        var headers = headers
        if headers["Content-Type"] == nil { headers["Content-Type"] = Route.formType }
        let origin = origin ?? bench.base
        if !origin.isEmpty { headers["Origin"] = origin }
        let body = Array(pairs.joined(separator: "&").utf8)
        return try await send(
            HTTPClientRequest(method: .post, url: bench.base + path, headers: headers, body: body, retries: 0)
        )
    }

    /// What the form to reject an approval would send, with this reason.
    func rejection(of approval: String, _ reason: String) async throws -> [String: String] {
        let card = try await get("/approvals/\(approval)").text
        let form = card.split(separator: "/reject\"", maxSplits: 1).last.map(String.init) ?? ""
        return ["digest": Self.hidden("digest", in: form), "token": Self.hidden("token", in: form), "reason": reason]
    }

    /// What the form to approve the first option would send.
    func approval(of approval: String) async throws -> [String: String] {
        let card = try await get("/approvals/\(approval)").text
        let form = card.split(separator: "/approve\"", maxSplits: 1).last.map(String.init) ?? ""
        return ["digest", "token", "option"].reduce(into: [:]) { $0[$1] = Self.hidden($1, in: form) }
    }

    /// The value of the first hidden field of that name; empty when there is none.
    static func hidden(_ name: String, in page: String) -> String {
        let start = "name=\"\(name)\" value=\""
        guard let range = page.firstRange(of: start) else { return "" }
        return String(page[range.upperBound...].prefix { $0 != "\"" })
    }

    private func send(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        var request = request
        if !cookies.isEmpty, request.headers["Cookie"] == nil {
            request.headers["Cookie"] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        }
        let response = try await Self.client.send(request)
        for field in response.headers.all("Set-Cookie") {
            let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            jar.withLock { $0[pair[0]] = pair.count == 2 && !field.contains("Max-Age=0") ? pair[1] : nil }
        }
        return response
    }
}
