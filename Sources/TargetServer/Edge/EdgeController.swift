import OpsHTTP
import OpsModel

/// The edge's own routes: everything below `/api`, the page, and the instances.
struct EdgeController: Sendable {
    let edge: Edge
    let page: ShopPage

    func install(in router: inout Router) {
        router.get("/", summary: "The shop for people.", access: .open, handler: show)
        for template in ["/api/{a}", "/api/{a}/{b}", "/api/{a}/{b}/{c}"] { install(template, in: &router) }
        router.get("/instances", summary: "The instances and their states.", access: .open, handler: list)
        router.post(
            "/instances/{name}/drain",
            summary: "Sends an instance no more requests.",
            access: .scope("drain"),
            request: Schemas.empty
        ) { try drain($0, true) }
        router.delete("/instances/{name}/drain", summary: "Sends it requests again.", access: .scope("drain")) {
            try drain($0, false)
        }
    }

    private func install(_ template: String, in router: inout Router) {
        let forward: Route.Handler = { try await edge.forward($0, target: RequestTargetText.of($0)) }
        for method in [HTTPMethod.get, .post, .put, .delete] {
            router.add(
                Route(
                    method,
                    template,
                    summary: "Passed to an api instance.",
                    access: .open,
                    request: method == .post || method == .put ? Schemas.empty : nil,
                    handler: forward
                )
            )
        }
    }

    @Sendable private func show(_ request: HTTPRequest) async throws -> HTTPResponse { await page.answer() }

    @Sendable private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
        .json(
            edge.instances.indices.map { index in
                ["name": edge.instances[index].name, "state": edge.state(index).rawValue]
            }
        )
    }

    private func drain(_ request: HTTPRequest, _ isDraining: Bool) throws(HTTPError) -> HTTPResponse {
        let name = try request.parameter("name")
        guard edge.setDraining(name, isDraining) else { throw Identity.missing("instance") }
        return .json(["name": name, "state": isDraining ? "draining" : "in rotation"])
    }
}
