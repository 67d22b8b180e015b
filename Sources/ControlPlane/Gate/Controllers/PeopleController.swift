import AgentOps
import OpsHTTP
import OpsModel

/// The routes of people: incidents, approvals, and how much agents may do.
struct PeopleController: Sendable {
    var desk: PeopleDesk

    func register(in router: inout Router) {
        registerIncidents(in: &router)
        registerApprovals(in: &router)
        registerControls(in: &router)
    }

    private func registerIncidents(in router: inout Router) {
        router.get(
            "/api/v1/incidents",
            summary: "Incidents, newest first",
            access: .scope("operator"),
            handler: answering {
                .json(try await desk.incidents(limit: try $0.integer(query: "limit", default: 50, in: 1...200)))
            }
        )
        router.get(
            "/api/v1/incidents/{id}",
            summary: "One incident with all that was found, asked, allowed and done",
            access: .scope("operator"),
            handler: answering { .json(try await desk.detail(try $0.parameter("id"))) }
        )
        router.get(
            "/api/v1/incidents/{id}/events",
            summary: "The timeline; a stream for `Accept: text/event-stream`",
            access: .scope("operator"),
            handler: answering { try await events($0) }
        )
        router.post(
            "/api/v1/incidents/{id}/close",
            summary: "End an incident by hand",
            access: .scope("operator"),
            handler: answering { request in
                let reason = try request.json(ApprovalDecision.self).reason ?? "closed by hand"
                return .json(try await desk.close(try request.parameter("id"), by: caller(request), reason: reason))
            }
        )
    }

    private func registerApprovals(in router: inout Router) {
        let list = answering { request in
            let state = request.query.first { $0.name == "status" }?.value
            guard state == nil || state.flatMap(ApprovalState.init) != nil else {
                throw HTTPError.badRequest("bad_status", "no such state of an approval: \(state ?? "")")
            }
            return .json(try await desk.approvals(state.flatMap(ApprovalState.init)))
        }
        router.get("/api/v1/approvals", summary: "Approvals", access: .scope("operator"), handler: list)
        router.get(
            "/api/v1/approvals/pending",
            summary: "What waits for a person",
            access: .scope("operator"),
            handler: answering { _ in .json(try await desk.approvals(.pending)) }
        )
        router.get(
            "/api/v1/approvals/{id}",
            summary: "One approval with the exact bytes to sign",
            access: .scope("operator"),
            handler: answering { .json(try await desk.approval(try $0.parameter("id"))) }
        )
        router.post(
            "/api/v1/approvals/{id}/approve",
            summary: "Approve one option with a signed grant for each step",
            access: .scope("operator"),
            handler: answering { request in
                let decision = try request.json(ApprovalDecision.self)
                return .json(try await desk.approve(try request.parameter("id"), decision))
            }
        )
        router.post(
            "/api/v1/approvals/{id}/reject",
            summary: "Deny, with a reason for the agent",
            access: .scope("operator"),
            handler: answering { request in
                let decision = try request.json(ApprovalDecision.self)
                return .json(try await desk.deny(try request.parameter("id"), decision, by: caller(request)))
            }
        )
        router.post(
            "/api/v1/approvals/{id}/revoke",
            summary: "Take an approval back, with a reason for the agent; what has not begun is withheld",
            access: .scope("operator"),
            handler: answering { request in
                let decision = try request.json(ApprovalDecision.self)
                return .json(try await desk.revoke(try request.parameter("id"), decision, by: caller(request)))
            }
        )
    }

    private func registerControls(in router: inout Router) {
        router.get(
            "/api/v1/autonomy",
            summary: "How much agents may do",
            access: .scope("operator"),
            handler: answering { _ in .json(try await desk.autonomy()) }
        )
        router.put(
            "/api/v1/autonomy",
            summary: "Set how much agents may do",
            access: .scope("operator"),
            handler: answering { request in
                let wanted = try request.json(AutonomySetting.self)
                return .json(try await desk.set(wanted, by: caller(request)))
            }
        )
        for (path, isFrozen) in [("kill-switch", true), ("resume-agents", false)] {
            router.post(
                "/api/v1/controls/\(path)",
                summary: isFrozen ? "Stop all agents and void their grants" : "Let agents work again",
                access: .scope("operator"),
                handler: answering { request in
                    let reason = try request.json(ApprovalDecision.self).reason ?? ""
                    guard !reason.isEmpty else {
                        throw HTTPError(status: 422, code: "reason_missing", message: "say why")
                    }
                    let epoch = try await desk.store.freeze(isFrozen, by: .person(caller(request)), reason: reason)
                    desk.changed.notify()
                    return .json(["epoch": epoch])
                }
            )
        }
    }

    private func events(_ request: HTTPRequest) async throws -> HTTPResponse {
        let id = try request.parameter("id")
        _ = try await desk.store.record(id)
        let after = try request.integer(query: "after", default: 0, in: 0...Int.max)
        guard request.headers["Accept"]?.contains("text/event-stream") == true else {
            return .json(try await desk.store.events(id, after: after))
        }
        return IncidentStream(desk: desk, incident: id).response(after: request, default: after)
    }

    private func caller(_ request: HTTPRequest) -> String { request.principal?.root ?? "unknown" }
}
