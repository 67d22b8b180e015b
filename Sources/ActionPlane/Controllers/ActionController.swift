import OpsHTTP
import OpsModel

/// The HTTP edge of ActionPlane: decode, call, encode.
struct ActionController: Sendable {
    let executor: ActionExecutor
    let pace: RunPace
    let metrics: ActionMetrics

    private static let scope = Access.scope("act")

    /// Adds the routes: one literal path for each action of the catalogue.
    func install(in router: inout Router) {
        router.mapErrors { ($0 as? ActionError)?.http }
        router.get("/catalog", summary: "The closed list of actions with their JSON Schemas.", access: Self.scope) {
            _ in
            .json(executor.catalogue.descriptions)
        }
        router.get("/action/runs/{id}", summary: "How a run ended, or where it stands.", access: Self.scope) {
            request in
            .json(try executor.result(of: request.parameter("id")))
        }
        for action in executor.catalogue.descriptions {
            router.post(
                "/action/\(action.name)",
                summary: action.title,
                access: Self.scope,
                request: Self.schema(action)
            ) { request in try await act(action.name, request) }
        }
        router.post("/action/{name}", summary: "An action that is not in the catalogue.", access: Self.scope) {
            request in
            _ = try executor.catalogue.action(request.parameter("name"))
            throw ActionError(.unknownAction, "there is no such action")
        }
    }

    private func act(_ name: String, _ request: HTTPRequest) async throws -> HTTPResponse {
        let principal = request.principal?.name ?? ""
        do throws(ActionError) {
            let body = try Self.body(request)
            try pace.check(request.principal?.root ?? "", body.dryRun ? .plan : .act)
            let result =
                body.dryRun
                ? try await executor.plan(name, body.parameters)
                : try await executor.run(
                    name,
                    body,
                    principal: principal,
                    key: request.headers["Idempotency-Key"] ?? ""
                )
            return .json(result, message: result.message)
        } catch {
            metrics.refused(error)
            throw error
        }
    }

    private static func body(_ request: HTTPRequest) throws(ActionError) -> ActionRequest {
        do throws(HTTPError) { return try request.json(ActionRequest.self) } catch {
            let isShape = error.status == 422
            throw ActionError(isShape ? .invalidParameters : .requestUnreadable, error.message, hint: error.hint)
        }
    }

    private static func schema(_ action: ActionDescription) -> JSONValue {
        [
            "type": "object",
            "properties": [
                "grant": [
                    "type": "string", "description": "a signed grant; two, separated by a space, for two people",
                ],
                "parameters": action.parameters,
                "dry_run": ["type": "boolean", "description": "plan and compare, change nothing; needs no grant"],
            ],
        ]
    }
}
