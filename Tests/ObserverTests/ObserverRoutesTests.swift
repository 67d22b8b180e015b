import OpsHTTP
import OpsModel
import OpsRuntime
import OpsService
import OpsSpec
import OpsSystem
import OpsTestKit
import Testing

@testable import Observer

/// The routes as a caller meets them: through the server's own checks, without a socket.
@Suite("Routes")
struct ObserverRoutesTests {
    private struct Keys: Authenticator {
        func authenticate(key: String) async -> Principal? {
            switch key {
            case "reads": Principal(name: "agent", scopes: ["reads"], root: "agent")
            case "referee": Principal(name: "referee", scopes: ["reads", "referee"], root: "referee")
            default: nil
            }
        }
    }

    private let store: WorldStore
    private let server: HTTPServer

    init() throws {
        var world = World()
        for journey in Fixture.map.journeys {
            world.journeys[journey.name] = JourneyWatch(name: journey.name, objective: journey.objective)
        }
        for half in 0..<40 {
            let from = Timestamp.now() + (-20 + Double(half) * 0.5)
            let bucket = JourneyBucket(seq: half, journey: "checkout", from: from, good: 1, bad: half > 32 ? 20 : 0)
            _ = world.journeys["checkout"]?.observe(ObservedBucket(bucket: bucket, isStarved: half == 3))
        }
        let handicaps = HandicapDesk()
        store = WorldStore(world) { handicaps.current()?.telemetryDelayS ?? 0 }
        let directory = try TemporaryDirectory()
        try FileSystem.writeAtomically(Self.runbook, to: directory.file("requests-wait.md"))
        try FileSystem.writeAtomically("no front matter", to: directory.file("broken.md"))
        let registry = MetricsRegistry()
        var router = Router()
        ReadController(
            map: Fixture.map,
            store: store,
            metrics: ObserverMetrics(registry),
            handicaps: handicaps
        ).install(in: &router)
        HandicapRoutes(at: "/handicap", desk: handicaps).install(in: &router)
        JourneyController(map: Fixture.map, store: store).install(in: &router)
        RunbookController(whole: try RunbookShelf(folder: directory.path), handicaps: handicaps).install(in: &router)
        server = HTTPServer(
            configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "Observer"),
            router: router,
            authenticator: Keys(),
            logger: .silent,
            metrics: registry
        )
    }

    private func call(
        _ method: HTTPMethod,
        _ path: String,
        query: [(name: String, value: String)] = [],
        key: String? = "reads",
        body: String = ""
    ) async throws -> (status: Int, document: JSONValue) {
        var headers: HTTPHeaders = ["Host": "127.0.0.1"]
        if let key { headers["X-API-Key"] = key }
        if !body.isEmpty { headers["Content-Type"] = "application/json" }
        var request = try HTTPRequest(method, path, headers: headers, body: Array(body.utf8))
        request.query = query
        let response = await server.respond(to: request)
        // What is no JSON fails the test by being null.
        return (response.status, (try? OpsJSON.decode(JSONValue.self, from: response.bytes)) ?? .null)
    }

    @Test("reads need a key with the scope, a readable body and at most 64 questions")
    func badInput() async throws {
        #expect(try await call(.post, "/reads", key: nil, body: #"{"reads":[]}"#).status == 401)
        #expect(try await call(.post, "/reads", key: "wrong", body: #"{"reads":[]}"#).status == 401)
        #expect(try await call(.post, "/reads", body: #"{"reads":"#).status == 400)
        #expect(try await call(.post, "/reads", body: #"{"reads":[{"component":"db"}]}"#).status >= 400)
        let many = (0..<65).map { _ in #"{"read":"pg.blockers"}"# }.joined(separator: ",")
        let refused = try await call(.post, "/reads", body: "{\"reads\":[\(many)]}")
        #expect(refused.status == 422)
        #expect(refused.document["code"] == "too_many_reads")
        #expect(try await call(.get, "/reads/nothing").status == 404)
    }

    @Test("every question gets its answer, in order, the unknown ones too")
    func answers() async throws {
        let body =
            #"{"reads":[{"read":"journey.good_ratio","selector":["checkout"]},{"read":"no.such"},{"read":"pg.blockers"}]}"#
        let (status, document) = try await call(.post, "/reads", body: body)
        #expect(status == 200)
        #expect(document.at("data.answers.0.status") == "ok")
        #expect(document.at("data.answers.1.status") == "unsupported")
        #expect(document.at("data.answers.2.status") == "unknown")
        #expect(document.at("data.answers.2.reason")?.stringValue?.isEmpty == false)
        #expect(try await call(.get, "/reads").document["data"]?.arrayValue?.count == ReadName.allCases.count)
    }

    @Test("journeys, pages and samples are open to readers, the series to the referee alone")
    func journeys() async throws {
        #expect(try await call(.get, "/journeys").document["data"]?.arrayValue?.count == 6)
        let pages = try await call(.get, "/pages").document
        #expect(pages.at("data.0.journey") == "checkout")
        #expect(pages.at("data.0.status") == "firing")
        #expect(try await call(.get, "/journeys/series").status == 403)
        let series = try await call(.get, "/journeys/series", key: "referee").document
        #expect(series["data"]?.arrayValue?.count == 40)
        #expect(series.at("data.3.is_starved") == true)
        #expect(series.at("data.39.bad") == 20)
        let from = [(name: "from", value: (Timestamp.now() + -3).description)]
        let late = try await call(.get, "/journeys/series", query: from, key: "referee").document
        #expect((late["data"]?.arrayValue?.count ?? 99) < 8)
        #expect(
            try await call(.get, "/journeys/series", query: [(name: "from", value: "noon")], key: "referee").status
                == 400
        )
        #expect(try await call(.get, "/samples").status == 200)
    }

    @Test("runbooks are found by symptoms and shown with the lines that citations count")
    func runbooks() async throws {
        let found = try await call(.get, "/runbooks/search", query: [(name: "q", value: "callers wait for a lock")])
            .document
        #expect(found.at("data.0.id") == "requests-wait")
        #expect(found.at("data.0.path") == "runbooks/requests-wait.md")
        #expect((found.at("data.0.first_line")?.intValue ?? 0) > 1)
        #expect(try await call(.get, "/runbooks/search").status == 400)
        #expect(
            try await call(.get, "/runbooks/search", query: [(name: "q", value: "x"), (name: "limit", value: "999")])
                .status
                >= 400
        )
        #expect(try await call(.get, "/runbooks").document["data"]?.arrayValue?.count == 1)
        let text = try await call(.get, "/runbooks/requests-wait").document.at("data.text")?.stringValue
        #expect(text?.hasPrefix("---\nrunbook: 1") == true)
        #expect(try await call(.get, "/runbooks/none").status == 404)
    }

    @Test("a handicap is the referee's alone, and bad ones are refused")
    func handicapBadInput() async throws {
        #expect(try await call(.get, "/handicap").status == 403)
        #expect(try await call(.put, "/handicap", body: "{}").status == 403)
        #expect(try await call(.put, "/handicap", key: nil, body: "{}").status == 401)
        func refused(_ body: String) async throws -> Int {
            try await call(.put, "/handicap", key: "referee", body: body).status
        }
        #expect(try await refused(#"{"lease_s":0}"#) == 422)
        #expect(try await refused(#"{"lease_s":-1}"#) == 422)
        #expect(try await refused(#"{"lease_s":1e300}"#) == 422)
        #expect(try await refused(#"{"withheld_reads":["weather"]}"#) == 422)
        #expect(try await refused(#"{"telemetry_delay_s":-1}"#) == 422)
        #expect(try await refused(#"{"telemetry_delay_s":61}"#) == 422)
        #expect(try await refused(#"{"plant_seed":"x"}"#) >= 400)
        #expect(try await refused(#"{"memory_before":"noon"}"#) >= 400)
        #expect(try await refused(#"{"withheld_reads":"pg"}"#) >= 400)
        let many = [String](repeating: "\"x\"", count: 101).joined(separator: ",")
        #expect(try await refused("{\"withheld_runbooks\":[\(many)]}") == 422)
        #expect(try await call(.get, "/handicap", key: "referee").document.at("data.lease_s") == 0)
    }

    @Test("what is withheld looks like what is not there, and comes back")
    func handicap() async throws {
        let question = #"{"reads":[{"read":"pg.blockers"},{"read":"journey.good_ratio","selector":["checkout"]}]}"#
        let body = #"{"withheld_reads":["pg"],"withheld_runbooks":["requests-wait"],"lease_s":60}"#
        #expect(try await call(.put, "/handicap", key: "referee", body: body).status == 200)
        let kept = try await call(.post, "/reads", body: question).document
        #expect(kept.at("data.answers.0.status") == "unsupported")
        #expect(kept.at("data.answers.1.status") == "ok", "what customers live is told all the same")
        #expect(try await call(.get, "/runbooks").document["data"]?.arrayValue?.isEmpty == true)
        #expect(try await call(.get, "/runbooks/requests-wait").status == 404)
        let search = [(name: "q", value: "callers wait for a lock")]
        let found = try await call(.get, "/runbooks/search", query: search).document
        #expect(found["data"]?.arrayValue?.isEmpty == true)
        #expect(try await call(.put, "/handicap", key: "referee", body: "{}").status == 200)
        #expect(try await call(.get, "/runbooks/requests-wait").status == 200)
        #expect(try await call(.post, "/reads", body: question).document.at("data.answers.0.status") == "unknown")
    }

    @Test("all runbooks can look stale")
    func staleRunbooks() async throws {
        #expect(try await call(.get, "/runbooks").document.at("data.0.is_stale") == false)
        _ = try await call(.put, "/handicap", key: "referee", body: #"{"has_stale_runbooks":true}"#)
        #expect(try await call(.get, "/runbooks").document.at("data.0.is_stale") == true)
        #expect(try await call(.get, "/runbooks/requests-wait").document.at("data.is_stale") == true)
    }

    @Test("late telemetry says nothing of what has just happened, and how old it is")
    func lateTelemetry() async throws {
        let question = #"{"reads":[{"read":"journey.good_ratio","selector":["checkout"]}]}"#
        let now = try await call(.post, "/reads", body: question).document
        #expect(now.at("data.answers.0.status") == "ok")
        _ = try await call(.put, "/handicap", key: "referee", body: #"{"telemetry_delay_s":60}"#)
        store.update { $0.changes.since = .now() }
        let late = try await call(.post, "/reads", body: question).document
        #expect(late.at("data.answers.0.status") == "unknown")
        let series = try await call(.get, "/journeys/series", key: "referee").document
        #expect(series["data"]?.arrayValue?.count == 40, "the judge sees everything in time")
        _ = try await call(.put, "/handicap", key: "referee", body: #"{"telemetry_delay_s":0.4}"#)
        store.update { $0.changes.since = .now() }
        let deadline = ContinuousClock.now + .seconds(10)
        var answer = JSONValue.null
        while answer.at("data.answers.0.status") != "ok", ContinuousClock.now < deadline {
            answer = try await call(.post, "/reads", body: question).document
        }
        #expect((answer.at("data.answers.0.age_s")?.doubleValue ?? 0) >= 0.4)
    }

    @Test("instructions are planted in runbooks and answers, and gone afterwards")
    func planted() async throws {
        let text = Planting(seed: 4).instruction(at: .runbooks).text
        func shown() async throws -> String {
            try await call(.get, "/runbooks/requests-wait").document.at("data.text")?.stringValue ?? ""
        }
        #expect(try await !shown().contains(text))
        _ = try await call(.put, "/handicap", key: "referee", body: #"{"plant_seed":4}"#)
        #expect(try await shown().contains(text))
        _ = try await call(.put, "/handicap", key: "referee", body: "{}")
        #expect(try await !shown().contains(text))
    }

    private static let runbook = """
        ---
        runbook: 1
        id: requests-wait
        title: Requests wait although the database answers
        for: {kind: postgres}
        reviewed: 2026-11-20
        symptoms:
          - callers wait for a lock, the database's own probe is fast
        look:
          blockers: pg.blockers
        hypotheses:
          - mechanism: lock-contention
            for: [blockers >= 1]
            against: [blockers == 0]
            repair:
              - {action: terminate-sessions, with: {which: blocker}}
          - mechanism: query-slow
            for: [blockers == 0]
            against: [blockers >= 1]
            repair:
              - {escalate: "a person has to look"}
        stop_if: [two repairs tried]
        ---

        # Requests wait

        ## Meaning

        Sessions stand behind one that holds what they need.
        """
}
