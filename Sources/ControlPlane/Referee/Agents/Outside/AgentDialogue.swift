import OpsHTTP
import OpsModel
import RemediationAgent

/// One incident between somebody's own agent and the gate: takes its calls one by one, does them, and answers.
///
/// It does nothing that the four calls of the gate do not do; what the gate refuses the agent is told in the gate's words.
struct AgentDialogue: Sendable {
    var transport: any AgentTransport
    var gate: any IncidentGate
    /// How long an agent may be silent about an incident that has ended before it is told so.
    var patience: Duration = .seconds(1)
    /// How often the claim is renewed while the agent thinks.
    var renewal: Duration = .seconds(8)

    /// Why it is over.
    enum End: Hashable, Sendable {
        /// The incident has ended; there may be another.
        case incident
        /// The agent says nothing more, or has nothing more to say.
        case agent
        /// It used up more than it may, or cannot be listened to.
        case stopped(String)
    }

    /// Speaks about an incident until it has ended and the agent has been told so, or the agent has had enough.
    func hold(about incident: AgentIncident, _ use: inout AgentUse) async throws -> End {
        let claim = ClaimPulse()
        let pulse = Task { await claim.beat(gate, every: renewal) }
        defer { pulse.cancel() }
        await tell(.incident(try JSONValue(encoding: incident), use.limits))
        while true {
            let heard = try await transport.receive(within: patience)
            try Task.checkCancellation()
            switch (heard, claim.end) {
            case (.message(let bytes), _):
                if let end = try await take(bytes, about: incident.id, claim, &use) { return end }
            case (.silence, let reason?), (.pass, let reason?):
                await tell(.over(reason, to: nil))
                return .incident
            case (.silence, nil): continue
            case (.pass, nil), (.end, _): return .agent
            }
        }
    }

    /// Answers what the agent has said about an incident that is over; an end when nothing more is to be expected of it.
    func hearOut(_ use: inout AgentUse) async throws -> End? {
        let claim = ClaimPulse()
        claim.stop(because: ClaimPulse.ended, isTold: true)
        // One that cannot be listened to is found out when there is work for it again.
        while let heard = try? await transport.receive(within: .zero) {
            switch heard {
            case .message(let bytes):
                let end = try await take(bytes, about: nil, claim, &use)
                if let end, end != .incident { return end }
            case .silence, .pass: return nil
            case .end: return .agent
            }
        }
        return nil
    }
}

// MARK: one message

extension AgentDialogue {
    /// Does what a message asks for; an end when nothing follows it.
    private func take(
        _ bytes: [UInt8],
        about incident: String?,
        _ claim: ClaimPulse,
        _ use: inout AgentUse
    ) async throws -> End? {
        let call = Result { () throws(AgentRefusal) in try AgentCall(bytes) }
        if let excess = use.count(bytes: bytes.count, isReadable: call.isSuccess) { return .stopped(excess) }
        switch call {
        case .failure(let refusal): await tell(.refusal(refusal, to: nil))
        case .success(let call) where call.kind == .done: return .agent
        case .success(let call) where call.isAbout(another: incident): await tell(.over(ClaimPulse.ended, to: call.id))
        case .success(let call): return try await respond(to: call, claim)
        }
        return nil
    }

    /// Does a call and says what came of it; the one that finds the incident over is the last about it.
    private func respond(to call: AgentCall, _ claim: ClaimPulse) async throws -> End? {
        let notice = try await notice(of: call, claim)
        await tell(notice)
        if case .over = notice { return .incident }
        return nil
    }

    private func notice(of call: AgentCall, _ claim: ClaimPulse) async throws -> AgentNotice {
        if let reason = claim.toldEnd { return .over(reason, to: call.id) }
        do {
            let answer = try await answer(call)
            if call.kind == .escalate || Self.ends.contains(answer["state"]?.stringValue ?? "") {
                claim.stop(because: ClaimPulse.ended, isTold: true)
            }
            return .answer(answer, to: call.id)
        } catch {
            if let reason = (error as? RemoteError)?.endOfClaim { return .over(reason, to: call.id) }
            return .refusal(try refusal(error), to: call.id)
        }
    }

    /// States of an incident or of a proposal after which nothing more can be said about the incident.
    private static let ends: Set<String> = ["resolved", "escalated", "recovered", "superseded", "unknown", "done"]

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

    private func tell(_ notice: AgentNotice) async { await transport.send(notice.message) }
}

extension Result {
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
