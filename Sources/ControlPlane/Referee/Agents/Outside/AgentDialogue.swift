import OpsHTTP
import OpsModel
import RemediationAgent

/// One incident between somebody's own agent and the gate: takes its calls one by one, does them, and answers.
///
/// It does nothing that the four calls of the gate do not do; what the gate refuses the agent is told in the gate's words.
struct AgentDialogue: Sendable {
    var transport: any AgentTransport
    var gate: any IncidentGate

    /// Why it is over.
    enum End: Hashable, Sendable {
        /// The incident has ended; there may be another.
        case incident
        /// The agent says nothing more, or has nothing more to say.
        case agent
        /// It used up more than it may, or cannot be listened to.
        case stopped(String)
    }

    func hold(about incident: AgentIncident, _ use: inout AgentUse) async throws -> End {
        await transport.send(AgentNotice.incident(try JSONValue(encoding: incident), use.limits).message)
        var hasEnded = false
        while let bytes = try await transport.receive() {
            try Task.checkCancellation()
            let call = Result { () throws(AgentRefusal) in try AgentCall(bytes) }
            if let excess = use.count(bytes: bytes.count, isReadable: call.isSuccess) { return .stopped(excess) }
            switch call {
            case .failure(let refusal): await transport.send(AgentNotice.refusal(refusal, to: nil).message)
            case .success(let call):
                if call.kind == .done { return .agent }
                do {
                    if hasEnded { throw RemoteError(status: 401, code: "over", message: "the incident has ended") }
                    let answer = try await answer(call)
                    hasEnded = call.kind == .escalate || Self.ends.contains(answer["state"]?.stringValue ?? "")
                    await transport.send(AgentNotice.answer(answer, to: call.id).message)
                } catch let error as RemoteError where error.status == 401 {
                    await transport.send(AgentNotice.over("the incident has ended").message)
                    return .incident
                } catch {
                    await transport.send(AgentNotice.refusal(try refusal(error), to: call.id).message)
                }
            }
        }
        return .agent
    }

    /// States of an incident or of a proposal after which nothing more can be said about the incident.
    private static let ends: Set<String> = ["resolved", "escalated", "recovered", "superseded", "unknown"]

    private func answer(_ call: AgentCall) async throws -> JSONValue {
        switch call.kind {
        case .incident: return try JSONValue(encoding: try await gate.incident())
        case .read:
            let request = try body(call, as: ReadRequest.self)
            return .array(try await gate.read(request.reads).map { try JSONValue(encoding: $0) })
        case .diagnose: try await gate.diagnose(try body(call, as: Diagnosis.self))
        case .propose: return try JSONValue(encoding: try await gate.propose(try body(call, as: Proposal.self)))
        case .outcome:
            let wait = min(max(call.body["wait"]?.intValue ?? 20, 0), 20)
            let outcome = try await gate.outcome(of: call.body["proposal"]?.stringValue ?? "", wait: wait)
            return try JSONValue(encoding: outcome)
        case .escalate: try await gate.escalate(try body(call, as: Escalation.self))
        case .done: break
        }
        return [:]
    }

    private func body<Value: Decodable>(_ call: AgentCall, as type: Value.Type) throws(AgentRefusal) -> Value {
        do {
            return try call.body.decoded(as: type)
        } catch {
            throw AgentRefusal(
                "bad_body",
                "the body of \(call.kind.rawValue) is not what the call takes",
                hint: "it has the members of the same call over HTTP: docs/agents.md"
            )
        }
    }

    /// What the agent is told of an error; one that is ours goes on up.
    private func refusal(_ error: any Error) throws -> AgentRefusal {
        switch error {
        case let refusal as AgentRefusal: return refusal
        case let error as RemoteError: return AgentRefusal(error.code, error.message, hint: error.hint)
        case let error as HTTPClientError: return AgentRefusal("gate_away", error.message)
        default: throw error
        }
    }
}

extension Result {
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
