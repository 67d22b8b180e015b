import OpsHTTP
import OpsModel
import OpsService
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// Bad input for every endpoint, and the good way through.
@Suite struct ActionControllerTests {
    private struct OneKey: Authenticator {
        func authenticate(key: String) async -> Principal? {
            switch key {
            case "good": Principal(name: "gate", scopes: ["act"], root: "gate")
            case "poor": Principal(name: "agent", scopes: ["agent"], root: "agent")
            default: nil
            }
        }
    }

    private func with(
        perMinute: Int = 1_000,
        _ body: (ActionBench, ActionExecutor, HTTPServer) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let bench = try ActionBench(directory, [MemoryAction()])
            let executor = try bench.executor()
            let metrics = MetricsRegistry()
            var router = Router()
            ActionController(
                executor: executor,
                pace: RunPace(actionsPerMinute: perMinute, plansPerMinute: perMinute),
                metrics: ActionMetrics(metrics)
            ).install(in: &router)
            let server = HTTPServer(
                configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "ActionPlane"),
                router: router,
                authenticator: OneKey(),
                logger: .silent,
                metrics: metrics
            )
            try await body(bench, executor, server)
        }
    }

    private func post(
        _ server: HTTPServer,
        _ path: String,
        _ body: String,
        key: String? = "good",
        idempotency: String? = nil,
        type: String = "application/json"
    ) async throws -> (status: Int, json: JSONValue, headers: HTTPHeaders) {
        var headers: HTTPHeaders = ["Content-Type": type, "Host": "127.0.0.1"]
        if let key { headers["Authorization"] = "Bearer \(key)" }
        if let idempotency { headers["Idempotency-Key"] = idempotency }
        let response = await server.respond(to: try HTTPRequest(.post, path, headers: headers, body: Array(body.utf8)))
        return (response.status, try OpsJSON.decode(JSONValue.self, from: response.bytes), response.headers)
    }

    private func get(_ server: HTTPServer, _ path: String) async throws -> (status: Int, json: JSONValue) {
        let headers: HTTPHeaders = ["Authorization": "Bearer good", "Host": "127.0.0.1"]
        let response = await server.respond(to: try HTTPRequest(.get, path, headers: headers))
        return (response.status, try OpsJSON.decode(JSONValue.self, from: response.bytes))
    }

    @Test func needsAKeyWithTheScope() async throws {
        try await with { _, _, server in
            for (key, status) in [(nil, 401), ("bad", 401), ("poor", 403)] as [(String?, Int)] {
                let answer = try await post(server, "/action/toggle", "{}", key: key)
                #expect(answer.status == status)
            }
        }
    }

    @Test func saysWhatIsWrongWithABody() async throws {
        try await with { _, _, server in
            for (body, status) in [("", 400), ("{", 400), ("[]", 422), (#"{"parameters": 5}"#, 422)] {
                let answer = try await post(server, "/action/toggle", body)
                #expect(answer.status == status, "\(body): \(answer.json)")
                #expect(answer.json["code"]?.stringValue?.isEmpty == false)
            }
            let stranger = try await post(
                server,
                "/action/toggle",
                #"{"dry_run": true, "parameters": {"to": "up", "why": 1}}"#
            )
            #expect(stranger.status == 422 && stranger.json["code"] == "invalid_parameters")
            #expect(stranger.json["error"]?.stringValue?.contains("why") == true)
            #expect(stranger.json["error"]?.stringValue?.contains("one of on, off") == true)
            #expect(try await post(server, "/action/toggle", "{}", type: "text/plain").status == 415)
            #expect(try await post(server, "/action/toggle", "{}").json["code"] == "grant_required")
            #expect(
                try await post(server, "/action/toggle", #"{"grant": "x.y"}"#).json["code"]
                    == "idempotency_key_required"
            )
            #expect(
                try await post(server, "/action/toggle", #"{"grant": "x.y"}"#, idempotency: "k").json["code"]
                    == "grant_malformed"
            )
        }
    }

    @Test func unknownActionsAndRunsAre404() async throws {
        try await with { _, _, server in
            let answer = try await post(server, "/action/format-disk", "{}")
            #expect(answer.status == 404 && answer.json["code"] == "unknown_action")
            #expect(answer.json.at("details.hint")?.stringValue?.contains("toggle") == true)
            #expect(try await get(server, "/action/runs/nothing").json["code"] == "unknown_run")
        }
    }

    @Test func theCatalogueHasASchemaForEveryAction() async throws {
        try await with { _, _, server in
            let entry = try await get(server, "/catalog").json["data"]?[0]
            #expect(entry?["name"] == "toggle")
            #expect(entry?.at("parameters.additionalProperties") == false)
        }
    }

    @Test func plansRunsRepeatsAndShows() async throws {
        try await with { bench, executor, server in
            let plan = try await post(server, "/action/toggle", #"{"dry_run": true, "parameters": {"to": "on"}}"#)
            #expect(plan.status == 200 && plan.json.at("data.state") == "planned")
            let grant = try Grant(try await bench.payload(executor, "toggle", ["to": "on"]), signedBy: bench.ann).text
            let body = #"{"grant": "\#(grant)"}"#
            let first = try await post(server, "/action/toggle", body, idempotency: "k")
            #expect(first.json.at("data.state") == "done")
            let again = try await post(server, "/action/toggle", body, idempotency: "k")
            #expect(again.json.at("data.is_replay") == true)
            #expect(try await post(server, "/action/toggle", body, idempotency: "l").status == 403)
            let run = first.json.at("data.run")?.stringValue ?? ""
            #expect(try await get(server, "/action/runs/\(run)").json.at("data.state") == "done")
        }
    }

    @Test func limitsEachPrincipal() async throws {
        try await with(perMinute: 6) { _, _, server in
            var last = (status: 200, json: JSONValue.null, headers: HTTPHeaders())
            for _ in 0..<6 {
                last = try await post(server, "/action/toggle", #"{"dry_run": true, "parameters": {"to": "on"}}"#)
            }
            #expect(last.status == 429 && last.json["code"] == "rate_limited")
            #expect(last.headers["Retry-After"] != nil)
        }
    }
}
