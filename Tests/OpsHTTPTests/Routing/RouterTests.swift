import OpsHTTP
import Testing

@testable import OpsHTTP

@Suite struct RouterTests {
    private var router: Router {
        var router = Router()
        for template in ["/runs/last", "/runs/{id}", "/runs/{id}/steps/{step}"] {
            router.get(template, summary: template, access: .open) { _ in .text(template) }
        }
        router.delete("/runs/{id}", summary: "delete", access: .open) { _ in .text("deleted") }
        return router
    }

    private func template(_ method: HTTPMethod, _ path: String) -> String? {
        if case .route(let route, _) = router.match(method, path: path) { route.template } else { nil }
    }

    @Test func prefersWordsToPlaces() {
        #expect(template(.get, "/runs/last") == "/runs/last")
        #expect(template(.get, "/runs/7") == "/runs/{id}")
        #expect(template(.head, "/runs/7") == "/runs/{id}")
        #expect(template(.get, "/runs/7/steps/2") == "/runs/{id}/steps/{step}")
    }

    @Test(arguments: ["/", "/runs", "/runs/", "/runs//steps/1", "/runs/7/", "/runs/7/steps", "/Runs/7"])
    func otherPathsLeadNowhere(path: String) {
        guard case .nothing = router.match(.get, path: path) else {
            Issue.record("\(path) found a route")
            return
        }
    }

    @Test func namesTheMethodsOfAPath() {
        guard case .wrongMethod(let allowed) = router.match(.put, path: "/runs/7") else {
            Issue.record("no refusal")
            return
        }
        #expect(allowed == [.delete, .get])
    }

    @Test func givesWhatStandsInThePlaces() {
        guard case .route(_, let parameters) = router.match(.get, path: "/runs/a b/steps/2") else {
            Issue.record("not found")
            return
        }
        #expect(parameters == ["id": "a b", "step": "2"])
    }
}
