import OpsHTTP
import OpsModel
import Testing

@testable import ControlPlane

/// Over the wire: sessions, versions, and the incident that a session is bound to.
@Suite struct MCPSessionTests {
    @Test func aVersionIsNegotiatedAndASessionBegun() async throws {
        try await GateBench.with { bench, _ in
            for (asked, given) in [
                ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"), ("2025-11-25", "2025-11-25"),
                ("2024-11-05", "2025-11-25"), ("2026-07-28", "2025-11-25"), ("nonsense", "2025-11-25"),
            ] {
                let answer = try await MCPTalk(bench).send(
                    MCPTalk.request("initialize", MCPTalk.opening(version: asked), id: "first")
                )
                #expect(answer.status == 200 && answer.headers["Content-Type"] == "application/json")
                #expect(answer.headers["Mcp-Session-Id"]?.hasPrefix("mcp-") == true)
                #expect(answer.reply["id"] == "first")
                #expect(answer.reply.at("result.protocolVersion")?.stringValue == given)
                #expect(answer.reply.at("result.capabilities.tools") != nil)
            }
        }
    }

    /// A client that can do without sessions asks so first; what it is told sends it to `initialize`.
    @Test func aRequestOfALaterProtocolIsToldWhichAreSpoken() async throws {
        try await GateBench.with { bench, _ in
            let later: HTTPHeaders = ["MCP-Protocol-Version": "2026-07-28"]
            let answer = try await MCPTalk(bench).send(MCPTalk.request("server/discover"), headers: later)
            #expect(answer.status == 400 && answer.fault == -32_022)
            #expect(answer.reply.at("error.data.supported") == ["2025-11-25", "2025-06-18", "2025-03-26"])
            #expect(answer.reply.at("error.data.requested") == "2026-07-28")
            let talk = try await MCPTalk.begun(at: bench, version: "2025-06-18")
            #expect(try await talk.send(MCPTalk.request("ping"), headers: later).status == 400)
            let own: HTTPHeaders = ["MCP-Protocol-Version": "2025-06-18"]
            #expect(try await talk.send(MCPTalk.request("ping"), headers: own).status == 200)
        }
    }

    @Test func aSessionThatIsUnknownOrOverIsNotFound() async throws {
        try await GateBench.with { bench, _ in
            let none = try await MCPTalk(bench).send(MCPTalk.request("tools/list"))
            #expect(none.status == 400 && none.fault == -32_600)
            let unknown: HTTPHeaders = ["Mcp-Session-Id": "mcp-abcdefghjkmnpqrstuvwxyz234"]
            let answer = try await MCPTalk(bench).send(MCPTalk.request("tools/list"), headers: unknown)
            #expect(answer.status == 404 && answer.fault == -32_001)
            let talk = try await MCPTalk.begun(at: bench, version: "2025-11-25")
            #expect(try await talk.send(MCPTalk.request("tools/list")).status == 200)
            #expect(try await talk.send(method: .delete).status == 204)
            #expect(try await talk.send(MCPTalk.request("tools/list")).status == 404)
            #expect(try await talk.send(method: .delete).status == 404)
        }
    }

    @Test func thereIsNoStream() async throws {
        try await GateBench.with { bench, _ in
            let answer = try await MCPTalk(bench).send(method: .get, headers: ["Accept": "text/event-stream"])
            #expect(answer.status == 405 && answer.headers["Allow"] == "DELETE, POST")
        }
    }

    @Test func tooManySessionsAreToldToComeAgain() async throws {
        try await GateBench.with { bench, _ in
            for _ in 0..<64 { #expect(try await MCPTalk.begun(at: bench, version: "2025-11-25").session != nil) }
            let opening = MCPTalk.request("initialize", MCPTalk.opening(version: "2025-11-25"))
            let answer = try await MCPTalk(bench).send(opening)
            #expect(answer.status == 503 && answer.reply["code"] == "too_many_sessions")
            #expect(answer.headers["Retry-After"] == "60")
        }
    }

    @Test func notificationsAndAnswersAreTakenWithoutAWord() async throws {
        try await GateBench.with { bench, _ in
            let talk = try await MCPTalk.begun(at: bench, version: "2025-11-25")
            for message in [
                ["jsonrpc": "2.0", "method": "notifications/initialized"],
                ["jsonrpc": "2.0", "method": "notifications/unheard-of", "params": [:]],
                ["jsonrpc": "2.0", "id": 9, "result": [:]],
            ] as [JSONValue] {
                let answer = try await talk.send(message)
                #expect(answer.status == 202 && answer.body.isEmpty)
            }
        }
    }

    @Test func batchesArePartOfOneVersionOnly() async throws {
        try await GateBench.with { bench, incident in
            let batch: JSONValue = [
                MCPTalk.request("ping", id: 1), MCPTalk.call("wait_for_incident", id: "w"), 7,
                ["jsonrpc": "2.0", "method": "notifications/initialized"], MCPTalk.call("incident", id: 3),
            ]
            let newer = try await MCPTalk.begun(at: bench, version: "2025-06-18").send(batch)
            #expect(newer.status == 400 && newer.fault == -32_600)
            let talk = try await MCPTalk.begun(at: bench, version: "2025-03-26")
            let replies = try await talk.send(batch).reply.arrayValue ?? []
            #expect(replies.map { $0["id"] } == [1, "w", .null, 3])
            #expect(replies.map { $0.at("error.code") } == [nil, nil, -32_600, nil])
            #expect(replies.last?.at("result.structuredContent.incident.id")?.stringValue == incident)
            #expect(try await talk.send([]).fault == -32_600)
            let long = JSONValue.array((1...21).map { MCPTalk.request("ping", id: .int($0)) })
            #expect(try await talk.send(long).fault == -32_600)
            #expect(try await talk.send([["jsonrpc": "2.0", "method": "notifications/x"]]).status == 202)
        }
    }
}

extension MCPTalk {
    fileprivate func send(method: HTTPMethod, headers: HTTPHeaders = [:]) async throws -> HTTPClientResponse {
        try await send(bytes: [], method, headers: headers)
    }
}
