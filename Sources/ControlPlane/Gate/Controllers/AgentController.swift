import OpsHTTP
import OpsModel

/// The routes of agents: two with the host's key, the rest with a key that opens one incident.
struct AgentController: Sendable {
    var desk: AgentBoundary

    func register(in router: inout Router) {
        registerHost(in: &router)
        registerReads(in: &router)
        registerFindings(in: &router)
    }

    private func registerHost(in router: inout Router) {
        router.get(
            "/agent/incidents",
            summary: "Incidents nobody works on yet",
            access: .scope("agent"),
            handler: answering { request in
                let wait = try request.integer(query: "wait", default: 0, in: 0...25)
                return .json(try await desk.unclaimed(waiting: .seconds(wait)))
            }
        )
        router.post(
            "/agent/incidents/{id}/claim",
            summary: "Take an incident; the answer holds the key that opens it",
            access: .scope("agent"),
            handler: answering { request in
                .json(try await desk.claim(try request.parameter("id"), by: try request.json(AgentClaim.self)))
            }
        )
    }

    private func registerReads(in router: inout Router) {
        router.get(
            "/agent/incidents/{id}",
            summary: "The incident as its agent may see it",
            access: .scope("incident"),
            handler: answering { .json(try await desk.incident(by: try own($0))) }
        )
        router.post(
            "/agent/incidents/{id}/reads",
            summary: "Ask up to 64 reads; each answer becomes evidence",
            access: .scope("incident"),
            handler: answering { .json(try await desk.read(try $0.json(ReadRequest.self), by: try own($0))) }
        )
        router.get(
            "/agent/incidents/{id}/outcome",
            summary: "Where a proposal stands; waits for news up to `wait` seconds",
            access: .scope("incident"),
            handler: answering { request in
                let wait = try request.integer(query: "wait", default: 0, in: 0...25)
                let proposal = request.query.first { $0.name == "proposal" }?.value ?? ""
                return .json(try await desk.outcome(of: proposal, by: try own(request), waiting: .seconds(wait)))
            }
        )
    }

    private func registerFindings(in router: inout Router) {
        router.post(
            "/agent/incidents/{id}/diagnosis",
            summary: "Say what the cause is, and what it is not",
            access: .scope("incident"),
            handler: answering { request in
                try await desk.diagnose(try request.json(Diagnosis.self), by: try own(request))
                return .json(JSONValue.object([:]), message: "kept")
            }
        )
        router.post(
            "/agent/incidents/{id}/proposals",
            summary: "Ask to be allowed to act",
            access: .scope("incident"),
            successStatus: 202,
            handler: answering { request in
                let receipt = try await desk.propose(try request.json(Proposal.self), by: try own(request))
                return .json(receipt, status: 202, message: receipt.state.rawValue)
            }
        )
        router.post(
            "/agent/incidents/{id}/escalation",
            summary: "Hand over to a person and end",
            access: .scope("incident"),
            handler: answering { request in
                try await desk.escalate(try request.json(Escalation.self), by: try own(request))
                return .json(JSONValue.object([:]), message: "handed over")
            }
        )
    }

    /// The key, if it is one of the path's incident; for any other the answer does not say whether that exists.
    private func own(_ request: HTTPRequest) throws -> IncidentKey {
        let id = try request.parameter("id")
        guard let key = IncidentKey(request.principal), key.incident == id else {
            throw HTTPError.forbidden("wrong_incident", "this key opens another incident")
        }
        return key
    }
}
