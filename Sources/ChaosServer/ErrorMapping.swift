import OpsHTTP

/// Which HTTP status each of the injector's errors has.
enum ErrorMapping {
    static func describe(_ error: any Error) -> HTTPError? {
        guard let error = error as? ChaosError else { return nil }
        return HTTPError(
            status: self.status(of: error.code),
            code: error.code.rawValue,
            message: error.message,
            hint: error.hint,
            retryAfter: self.status(of: error.code) == 503 ? 2 : nil
        )
    }

    static func status(of code: ChaosError.Code) -> Int {
        switch code {
        case .badParameter, .badLease: 422
        case .badTarget, .outOfScope, .undoImpossible, .badSchedule, .badOrder: 422
        case .overCap: 403
        case .unknownFault, .unknownSchedule, .unknownPlan: 404
        case .unsupported: 501
        case .latched, .conflict, .idTaken, .notLatched, .otherKill, .unfinished, .notRunning: 409
        case .tooMany, .tooManySchedules: 429
        case .noReserve, .notArmed, .notApplied, .targetUnavailable, .journalFailed, .busy, .protocolBroken: 503
        }
    }
}
