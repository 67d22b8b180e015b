import OpsHTTP
import OpsModel

/// The routes of toxiproxy 2, in its own shapes, so that its client libraries work; a key is asked for beside.
struct ProxyController: Sendable {
    static let scope = Access.scope("chaos")
    /// What clients take us for.
    static let version = "2.9.0"
    let proxies: ProxySet

    func install(in router: inout Router) {
        let proxies = self.proxies
        router.get("/version", summary: "The version of toxiproxy whose API this is.", access: .open) { _ in
            .plainJSON(["version": Self.version])
        }
        router.get("/proxies", summary: "All proxies with their toxics, by name.", access: Self.scope) { _ in
            .plainJSON(await proxies.all())
        }
        self.post("/proxies", "Makes a proxy.", in: &router) { request in
            .plainJSON(try await proxies.create(try ProxyRequest(Self.document(request))), status: 201)
        }
        router.get("/proxies/{proxy}", summary: "One proxy.", access: Self.scope) { request in
            .plainJSON(try await proxies.one(try request.parameter("proxy")))
        }
        for method in [HTTPMethod.post, .patch] {
            self.add(method, "/proxies/{proxy}", "Changes a proxy, or switches it off or on.", in: &router) { request in
                let change = try ProxyRequest(Self.document(request))
                return .plainJSON(try await proxies.update(try request.parameter("proxy"), change))
            }
        }
        router.delete("/proxies/{proxy}", summary: "Ends a proxy and its connections.", access: Self.scope) { request in
            try await proxies.delete(try request.parameter("proxy"))
            return HTTPResponse(status: 204)
        }
        self.post("/populate", "Makes the proxies of a list that are not there.", in: &router) { request in
            guard let list = try Self.document(request).arrayValue else {
                throw ChaosError(.badParameter, "expected a list of proxies")
            }
            let wanted = try list.map { document throws(ChaosError) in try ProxyRequest(document) }
            return .plainJSON(["proxies": JSONValue.array(try await proxies.populate(wanted))], status: 201)
        }
        router.post("/reset", summary: "Takes all toxics away and enables all proxies.", access: Self.scope) { _ in
            try await proxies.reset()
            return HTTPResponse(status: 204)
        }
        self.installToxics(in: &router)
    }

    private func installToxics(in router: inout Router) {
        let proxies = self.proxies
        router.get("/proxies/{proxy}/toxics", summary: "A proxy's toxics.", access: Self.scope) { request in
            .plainJSON(try await proxies.toxics(of: try request.parameter("proxy")))
        }
        self.post("/proxies/{proxy}/toxics", "Adds a toxic, for a time: `ttl_s`.", in: &router) { request in
            let toxic = try ToxicRequest(Self.document(request))
            return .plainJSON(try await proxies.add(toxic, to: try request.parameter("proxy")))
        }
        let one = "/proxies/{proxy}/toxics/{toxic}"
        router.get(one, summary: "One toxic, and how long it lasts.", access: Self.scope) { request in
            let (proxy, toxic) = (try request.parameter("proxy"), try request.parameter("toxic"))
            return .plainJSON(try await proxies.toxic(toxic, of: proxy))
        }
        for method in [HTTPMethod.post, .patch] {
            self.add(method, one, "Changes a toxic; its time begins anew.", in: &router) { request in
                let (proxy, toxic) = (try request.parameter("proxy"), try request.parameter("toxic"))
                let change = try ToxicRequest(Self.document(request))
                return .plainJSON(try await proxies.change(toxic, of: proxy, change))
            }
        }
        router.delete(one, summary: "Takes a toxic away.", access: Self.scope) { request in
            let (proxy, toxic) = (try request.parameter("proxy"), try request.parameter("toxic"))
            try await proxies.remove(toxic, of: proxy)
            return HTTPResponse(status: 204)
        }
    }

    /// toxiproxy's clients expect 400 for what makes no sense.
    static func describe(_ error: any Error) -> HTTPError? {
        guard let error = error as? ChaosError, error.code == .badParameter || error.code == .badLease else {
            return ErrorMapping.describe(error)
        }
        return HTTPError(status: 400, code: error.code.rawValue, message: error.message, hint: error.hint)
    }

    private static func document(_ request: HTTPRequest) throws -> JSONValue { try request.json(JSONValue.self) }

    private func post(
        _ template: String,
        _ summary: String,
        in router: inout Router,
        _ handler: @escaping Route.Handler
    ) { self.add(.post, template, summary, in: &router, handler) }

    private func add(
        _ method: HTTPMethod,
        _ template: String,
        _ summary: String,
        in router: inout Router,
        _ handler: @escaping Route.Handler
    ) {
        let schema: JSONValue = ["description": "as toxiproxy 2 documents it; a toxic also takes ttl_s, in seconds"]
        router.add(
            Route(method, template, summary: summary, access: Self.scope, request: schema, handler: handler)
        )
    }
}
