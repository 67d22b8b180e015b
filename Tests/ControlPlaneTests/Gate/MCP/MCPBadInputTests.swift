import OpsHTTP
import OpsModel
import OpsTrust
import Testing

@testable import ControlPlane

/// What `/mcp` says to whoever may not come in, and to bytes that are no message.
@Suite struct MCPBadInputTests {
    private static let ping = MCPTalk.request("ping")

    @Test func nobodyComesInWithoutTheHostsKey() async throws {
        try await GateBench.with { bench, incident in
            let stranger = MCPTalk(bench)
            let opening = MCPTalk.request("initialize", MCPTalk.opening(version: "2025-11-25"))
            let keyless = try await stranger.send(opening, key: "")
            #expect(keyless.status == 401 && keyless.headers["WWW-Authenticate"] == "Bearer")
            #expect(try await stranger.send(opening, key: APIKey.generate().secretText).status == 401)
            #expect(try await stranger.send(opening, key: bench.personKey).status == 403)
            let claim = try await bench.claim(incident, as: "one")
            #expect(try await stranger.send(opening, key: claim.key).status == 403)
            #expect(try await stranger.send(opening, key: claim.key).reply["code"] == "missing_scope")
            #expect(try await stranger.send(.delete, key: "").status == 401)
        }
    }

    @Test func aWebPageOfAnotherOriginMayNot() async throws {
        try await GateBench.with { bench, _ in
            let talk = try await MCPTalk.begun(at: bench, version: "2025-06-18")
            let foreign = try await talk.send(Self.ping, headers: ["Origin": "http://evil.example"])
            #expect(foreign.status == 403 && foreign.reply["code"] == "cross_origin")
            #expect(try await talk.send(Self.ping, headers: ["Origin": "null"]).status == 403)
            #expect(try await talk.send(Self.ping, headers: ["Sec-Fetch-Site": "cross-site"]).status == 403)
            #expect(try await talk.send(.delete, headers: ["Origin": "http://evil.example"]).status == 403)
            #expect(try await talk.send(Self.ping, headers: ["Host": "evil.example"]).status == 421)
            #expect(try await talk.send(Self.ping, headers: ["Origin": bench.base]).status == 200)
        }
    }

    @Test func whatIsNoMessageIsRefusedAndTheGateLives() async throws {
        try await GateBench.with { bench, _ in
            let talk = try await MCPTalk.begun(at: bench, version: "2025-11-25")
            let broken = try await talk.send(bytes: Array("{\"jsonrpc\"".utf8))
            #expect(broken.status == 400 && broken.fault == -32_700 && broken.reply["id"] == .null)
            #expect(try await talk.send(bytes: [0xFF, 0xFE]).fault == -32_700)
            #expect(try await talk.send().fault == -32_700)
            let odd = try await talk.send(["jsonrpc": "1.0", "id": 4, "method": "ping"])
            #expect(odd.status == 400 && odd.fault == -32_600 && odd.reply["id"] == 4)
            #expect(try await talk.send(["jsonrpc": "2.0", "id": nil, "method": "ping"]).fault == -32_600)
            #expect(try await talk.send(["jsonrpc": "2.0", "id": 1, "method": "ping", "params": []]).fault == -32_600)
            let deep = String(repeating: "[", count: 80) + String(repeating: "]", count: 80)
            #expect(try await talk.send(bytes: Array(deep.utf8)).reply["code"] == "body_too_deep")
            let huge = try await talk.send(Self.ping(padding: 1 << 20))
            #expect(huge.status == 413 && huge.reply["code"] == "body_too_large")
            let form: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded"]
            #expect(try await talk.send(bytes: Array("a=b".utf8), headers: form).status == 415)
            #expect(try await talk.send(Self.ping).reply["result"] == [:])
        }
    }

    private static func ping(padding: Int) -> JSONValue {
        MCPTalk.request("ping", ["_meta": ["padding": .string(String(repeating: "x", count: padding))]])
    }

    @Test func methodsAndParametersThatThereAreNot() async throws {
        try await GateBench.with { bench, _ in
            let talk = try await MCPTalk.begun(at: bench, version: "2025-11-25")
            for method in ["resources/list", "prompts/list", "logging/setLevel", "initialise", "tools/lists", ""] {
                let answer = try await talk.send(MCPTalk.request(method))
                #expect(answer.status == 200 && answer.fault == -32_601, "\(method)")
            }
            let wrong: [JSONValue] = [
                MCPTalk.request("tools/call"), MCPTalk.request("tools/call", ["name": 7]),
                MCPTalk.request("tools/call", ["name": "make_coffee"]),
                MCPTalk.request("tools/call", ["name": "incident", "arguments": [1]]),
                MCPTalk.request("tools/list", ["cursor": "2"]), MCPTalk.request("initialize"),
                MCPTalk.request("initialize", ["protocolVersion": "2025-11-25", "clientInfo": ["name": "x"]]),
                MCPTalk.request("initialize", ["protocolVersion": 3, "clientInfo": ["name": "x", "version": "1"]]),
            ]
            for message in wrong { #expect(try await talk.send(message).fault == -32_602, "\(message)") }
        }
    }

    @Test func wrongArgumentsAreToldToTheModel() async throws {
        try await GateBench.with { bench, _ in
            let talk = try await MCPTalk.begun(at: bench, version: "2025-11-25")
            #expect(try await talk.tool("read", ["reads": []]).code == "no_incident")
            _ = try await talk.tool("wait_for_incident")
            #expect(try await talk.tool("read").code == "wrong_shape")
            #expect(try await talk.tool("read", ["reads": "pg.blockers"]).code == "wrong_shape")
            #expect(try await talk.tool("read", ["reads": []]).code == "proposal_invalid")
            let many = JSONValue.array(Array(repeating: ["read": "pg.blockers"], count: 65))
            #expect(try await talk.tool("read", ["reads": many]).code == "proposal_invalid")
            #expect(try await talk.tool("diagnose", ["component": "db"]).code == "wrong_shape")
            #expect(try await talk.tool("escalate", ["reason": "x", "incident": "inc-1"]).code == "wrong_shape")
            #expect(try await talk.tool("wait_for_incident", ["wait_s": 26]).code == "wrong_shape")
            #expect(try await talk.tool("outcome", ["proposal": "pro-none", "wait_s": 0]).code == "proposal_unknown")
            let unknown: JSONValue = [
                "summary": "x", "options": [["title": "x", "steps": [["action": "format-disk"]]]],
            ]
            let refused = try await talk.tool("propose", unknown)
            #expect(refused.code == "proposal_invalid")
            #expect(refused.document["hint"] == "the catalogue has clear-cache, terminate-sessions")
        }
    }
}

extension MCPTalk {
    fileprivate func send(
        _ method: HTTPMethod,
        headers: HTTPHeaders = [:],
        key: String? = nil
    ) async throws -> HTTPClientResponse {
        try await send(bytes: [], method, headers: headers, key: key)
    }
}
