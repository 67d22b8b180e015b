import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService

/// Says in the log what the database refused, and to the caller only what concerns it.
struct DatabaseFailures: Middleware {
    let logger: Logger

    func handle(_ request: HTTPRequest, route: Route, next: Route.Handler) async throws -> HTTPResponse {
        do {
            return try await next(request)
        } catch let error as PostgresError {
            throw translate(error, route: route.template)
        }
    }

    private func translate(_ error: PostgresError, route: String) -> HTTPError {
        switch error.sqlState {
        case "23503": return .unprocessable("The body names something that does not exist.", code: "unknown_reference")
        case "23505": return .conflict("already_exists", "There is one like that already.")
        case "23514": return .unprocessable("A value is outside of its bounds.", code: "invalid")
        default: break
        }
        var fields: [String: JSONValue] = [
            "route": .string(route), "code": .string(error.code.rawValue), "error": .string(error.message),
        ]
        if let state = error.sqlState { fields["sqlstate"] = .string(state) }
        logger.error("database request failed", fields)
        return Self.answer(error)
    }

    private static func answer(_ error: PostgresError) -> HTTPError {
        if error.isConnectionFailure || error.isUnauthorised || error.code == .poolExhausted {
            return .unavailable("The shop cannot reach its data.", code: "data_unavailable")
        }
        if error.sqlState == "57014" {
            return HTTPError(status: 504, code: "data_slow", message: "The shop's data did not answer in time.")
        }
        return HTTPError(status: 500, code: "internal_error", message: "The shop failed at this request.")
    }
}
