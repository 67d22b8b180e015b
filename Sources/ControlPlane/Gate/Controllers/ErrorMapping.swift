import OpsHTTP
import OpsModel
import OpsPostgres

extension GateRefusal.Code {
    /// The HTTP status of a refusal.
    var status: Int {
        switch self {
        case .incidentUnknown, .proposalUnknown, .approvalUnknown, .policyUnknown, .agentUnknown: 404
        case .selfApproval, .fourEyes, .approverNotAllowed, .agentPaused: 403
        case .proposalInvalid, .diagnosisInvalid, .evidenceUnknown, .approvalInvalid, .grantInvalid, .alertInvalid,
            .settingInvalid, .limitExceeded, .policyInvalid, .nameInvalid:
            422
        case .incidentClosed, .incidentTaken, .claimLapsed, .proposalPending, .approvalDecided, .approvalExpired,
            .approvalSpent, .alreadyVoted, .optionRefused, .actionsExhausted, .policyChanged, .policyNameTaken,
            .agentNotPaused:
            409
        }
    }
}

extension GateRefusal {
    /// The refusal as an answer.
    var asHTTPError: HTTPError {
        let listed = problems.map { ["path": .string($0.path), "message": .string($0.message)] as JSONValue }
        return HTTPError(
            status: code.status,
            code: code.rawValue,
            message: message,
            hint: hint,
            details: listed.isEmpty ? nil : ["problems": .array(listed)]
        )
    }
}

/// A handler whose errors are the gate's answers.
func answering(
    _ body: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
) -> @Sendable (HTTPRequest) async throws -> HTTPResponse {
    { request in try await answered { try await body(request) } }
}

/// Runs what a request asks for and turns the gate's refusals into answers; every other error is the server's to map.
///
/// Whatever a statement says that was cut off because its client left is no failure of the gate's. What another service says
/// that cannot answer now is not repeated: it is not meant for the caller.
func answered<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
        return try await body()
    } catch let refusal as GateRefusal {
        throw refusal.asHTTPError
    } catch let failure as PostgresError where failure.isConnectionFailure && !Task.isCancelled {
        throw HTTPError.unavailable(
            "the AgentOps database does not answer, and nothing is decided without it",
            code: "records_unavailable",
            hint: "opslab status; opslab up starts what is missing"
        )
    } catch let failure where isPeerAway(failure) && !Task.isCancelled {
        throw HTTPError.unavailable(
            "a service that the gate has to ask does not answer now, and nothing was kept of this request",
            code: "peer_unavailable",
            hint: "ask again in a second"
        )
    } catch  where Task.isCancelled {
        throw CancellationError()
    }
}

/// Whether another service could not answer, and may be able to soon; a refusal of what it was asked is something else.
private func isPeerAway(_ failure: any Error) -> Bool {
    switch failure {
    case let refusal as RemoteError: refusal.status >= 500 || refusal.status == 429
    case let failure as HTTPClientError: [.unreachable, .timedOut, .interrupted, .failed].contains(failure.code)
    default: false
    }
}
