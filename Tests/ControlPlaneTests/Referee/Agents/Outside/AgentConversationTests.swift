import GateClient
import OpsModel
import OpsSystem
import Testing

@testable import ControlPlane

/// Agents that work on one incident after another, with a real gate over a real PostgreSQL.
@Suite(.timeLimit(.minutes(5))) struct AgentConversationTests {
    @Test func `a program that only listens after a hand-over gets the next incident`() async throws {
        let script = """
            import json, sys
            def hear(): return json.loads(sys.stdin.readline())
            first = hear()["incident"]["id"]
            print(json.dumps({"call": "escalate", "body": {"reason": "I know nothing of this"}}))
            print(*[list(hear())[0] for _ in range(2)], file=sys.stderr)
            print(hear()["incident"]["id"] != first, file=sys.stderr)
            print(json.dumps({"call": "done"}))
            """
        let transport = try Self.program(script)
        try await Self.expectTwoIncidents(with: transport)
        #expect(await transport.close() == AgentFarewell(problem: nil, remarks: "answer over\nTrue\n"))
    }

    @Test func `a server that has no more to say is told that it is over, and gets the next incident`() async throws {
        let server = try LineChild(
            Spawn(path: "/usr/bin/python3", arguments: ["-uc", Self.server]),
            lineLimit: 1_000,
            errorLimit: 1_000
        )
        let port = try #require(try await Self.line(of: server))
        let transport = AddressTransport(url: "http://127.0.0.1:\(port)/", limits: AgentLimits())
        try await Self.expectTwoIncidents(with: transport)
        for word in ["incident", "answer", "over", "incident"] { #expect(try await Self.line(of: server) == word) }
        _ = await server.stop(grace: .seconds(5))
    }

    @Test func `what is said after the end is answered, and nothing is done about it`() async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "own")
            let transport = try Self.program(
                """
                import json, sys
                print(json.dumps({"call": "escalate", "body": {"reason": "late"}}))
                print("nonsense")
                print(*[list(json.loads(sys.stdin.readline()))[0] for _ in range(2)], file=sys.stderr)
                print(json.dumps({"call": "done"}))
                """
            )
            let dialogue = AgentDialogue(transport: transport, gate: GateIncident(client: bench.agent(claim)))
            var use = AgentUse(limits: AgentLimits())
            var end: AgentDialogue.End?
            while end == nil {
                end = try await dialogue.hearOut(&use)
                await Task.yield()
            }
            #expect(end == .agent)
            #expect(use.calls == 3)
            #expect(await transport.close().remarks == "over error\n")
            #expect(try await bench.store.record(incident).incident.endedAt == nil)
        }
    }

    @Test func `one that goes on talking after the end is stopped like any other`() async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "own")
            let transport = try Self.program("while True: print('{\"call\": \"incident\"}')")
            let dialogue = AgentDialogue(transport: transport, gate: GateIncident(client: bench.agent(claim)))
            var use = AgentUse(limits: AgentLimits(calls: 10))
            var end: AgentDialogue.End?
            while end == nil {
                end = try await dialogue.hearOut(&use)
                await Task.yield()
            }
            #expect(end == .stopped("it made more than 10 calls"))
            _ = await transport.close()
        }
    }

    /// A conversation in which the first incident is handed over and a second one follows, about which the agent is done.
    private static func expectTwoIncidents(with transport: any AgentTransport) async throws {
        try await GateBench.with { bench, incident in
            let conversation = AgentConversation(transport: transport) {
                guard let free = try await bench.host.unclaimed(waiting: 1).first else { return nil }
                let claim = try await bench.claim(free.id, as: "own")
                return AgentConversation.Work(incident: claim.incident, gate: GateIncident(client: bench.agent(claim)))
            }
            async let end = conversation.hold(limits: AgentLimits())
            #expect(try await bench.ended(incident).state == .escalated)
            _ = try await bench.openAnother()
            let outcome = try await end
            #expect(outcome == .agent)
        }
    }

    private static func program(_ script: String) throws -> ProgramTransport {
        try ProgramTransport(Spawn(path: "/usr/bin/python3", arguments: ["-uc", script]), limits: AgentLimits())
    }

    private static func line(of child: LineChild) async throws -> String? {
        try await child.receive().map { String(decoding: $0, as: UTF8.self) }
    }

    /// Hands over, has nothing more to say twice, and is done; says its port, and which message it got; ends with its input.
    private static let server = """
        import http.server, json, os, sys, threading
        replies = [{"call": "escalate", "body": {"reason": "I know nothing of this"}}, None, None, {"call": "done"}]
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"]
                print(next(word for word in ("incident", "answer", "over", "error") if word in message))
                reply = replies.pop(0)
                body = json.dumps(reply).encode() if reply else b""
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *words): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_address[1])
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        server.serve_forever()
        """
}
