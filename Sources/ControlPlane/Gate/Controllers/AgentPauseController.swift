import OpsHTTP
import OpsModel

/// The routes that pause one agent and let it go on.
struct AgentPauseController: Sendable {
    var store: any GateStore
    var changed: ChangeSignal

    func register(in router: inout Router) {
        router.post(
            "/api/v1/controls/pause-agent/{id}",
            summary: "Pause one agent: what it asked is void, and nothing is carried out for it",
            access: .scope("operator"),
            request: Self.schema,
            handler: answering { request in
                let (agent, reason) = (try request.parameter("id"), try reason(request))
                let pause = try await store.pause(agent, by: caller(request), reason: reason)
                changed.notify()
                return .json(pause)
            }
        )
        router.post(
            "/api/v1/controls/resume-agent/{id}",
            summary: "Let one agent act again; it has to ask anew",
            access: .scope("operator"),
            request: Self.schema,
            handler: answering { request in
                let (agent, reason) = (try request.parameter("id"), try reason(request))
                let pause = try await store.resume(agent, by: caller(request), reason: reason)
                changed.notify()
                return .json(pause)
            }
        )
    }

    private static let schema: JSONValue = [
        "type": "object", "required": ["reason"],
        "properties": ["reason": ["type": "string", "minLength": 1, "maxLength": .int(RecordBounds.text)]],
    ]

    private func reason(_ request: HTTPRequest) throws -> String {
        let reason = try request.json(ApprovalDecision.self).reason ?? ""
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw HTTPError(status: 422, code: "reason_missing", message: "say why")
        }
        guard reason.utf8.count <= RecordBounds.text, !reason.utf8.contains(0) else {
            throw GateRefusal(
                .limitExceeded,
                "a reason has at most \(RecordBounds.text) bytes, none of them NUL",
                hint: "say it in fewer words"
            )
        }
        return reason
    }

    private func caller(_ request: HTTPRequest) -> String { request.principal?.root ?? "unknown" }
}
