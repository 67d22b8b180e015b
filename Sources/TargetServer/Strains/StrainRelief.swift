import OpsHTTP
import Synchronization

/// Turns away as many of the customers' requests as the board says, spread evenly over all.
final class StrainRelief: Middleware {
    private let board: StrainBoard
    private let credit = Mutex(0.0)

    init(board: StrainBoard) { self.board = board }

    func handle(_ request: HTTPRequest, route: Route, next: Route.Handler) async throws -> HTTPResponse {
        if route.template.hasPrefix("/api/"), self.turnsAway() {
            throw HTTPError.unavailable("The shop is coming back.", code: "relief", hint: "Try again later.")
        }
        return try await next(request)
    }

    private func turnsAway() -> Bool {
        let share = self.board.relief()
        guard share > 0 else { return false }
        return self.credit.withLock { credit in
            credit += share
            guard credit >= 1 else { return false }
            credit -= 1
            return true
        }
    }
}
