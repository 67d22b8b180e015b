internal import OpsHTTP
internal import OpsModel
internal import OpsRuntime
internal import OpsSpec

/// Finds and shows runbooks.
struct RunbookController: Sendable {
    /// Every runbook there is.
    let whole: RunbookShelf
    let handicaps: HandicapDesk

    /// The runbooks that whoever asks may know of.
    private var shelf: RunbookShelf { handicaps.current().map(whole.under) ?? whole }

    func install(in router: inout Router) {
        router.get("/runbooks", summary: "All runbooks.", access: .scope("reads")) { _ in .json(shelf.summaries) }
        router.get("/runbooks/search", summary: "Runbooks about symptoms, best first.", access: .scope("reads")) {
            try search($0)
        }
        router.get("/runbooks/{id}", summary: "One runbook with its text.", access: .scope("reads")) { request in
            let id = try request.parameter("id")
            guard let document = shelf.document(id) else {
                throw HTTPError.notFound("There is no runbook '\(id)'.", hint: "GET /runbooks lists them.")
            }
            return .json(document)
        }
    }

    private func search(_ request: HTTPRequest) throws -> HTTPResponse {
        let question = request[query: "q"] ?? ""
        guard !question.isEmpty, question.utf8.count <= 2_000 else {
            throw HTTPError.badRequest("bad_query", "'q' needs 1 to 2000 characters.", hint: "?q=callers+time+out")
        }
        let limit = try request.integer(query: "limit", default: 5, in: 1...50)
        return .json(shelf.index.search(question, limit: limit))
    }
}
