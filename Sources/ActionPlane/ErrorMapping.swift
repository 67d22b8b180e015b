import OpsHTTP

/// The one table from reasons to HTTP statuses.
extension ActionError {
    var status: Int {
        switch code {
        case .grantMalformed, .idempotencyKeyRequired, .requestUnreadable: 400
        case .agentPaused, .ceilingExceeded, .deciderIsBarred, .deciderIsRequester, .epochStale, .grantForgotten,
            .grantInvalid,
            .grantRequired,
            .grantUsed:
            403
        case .unknownAction, .unknownRun: 404
        case .actionChanged, .factsDrifted, .idempotencyConflict, .parametersDiffer, .resourceBusy: 409
        case .invalidParameters, .notPermitted: 422
        case .rateLimited: 429
        case .effectFailed, .postcheckFailed, .timedOut: 500
        case .clockWentBack, .databaseRolledBack, .epochUnreadable, .recordUnwritable, .targetUnreadable: 503
        }
    }

    var http: HTTPError {
        HTTPError(
            status: status,
            code: code.rawValue,
            message: message,
            hint: hint,
            details: details,
            retryAfter: retryAfter ?? (status == 503 || status == 429 ? 1 : nil)
        )
    }
}
