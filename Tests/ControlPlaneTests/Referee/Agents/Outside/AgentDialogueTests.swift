import GateClient
import OpsModel
import OpsSystem
import Testing

@testable import ControlPlane

/// Real programs that speak with a real gate over a real PostgreSQL.
@Suite struct AgentDialogueTests {
    private func talk(
        _ script: String,
        limits: AgentLimits = AgentLimits(),
        renewal: Duration = .seconds(8),
        besides: @escaping @Sendable (GateBench, String) async throws -> Void = { _, _ in },
        then check: @escaping @Sendable (AgentDialogue.End, AgentFarewell, Incident) throws -> Void
    ) async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "own")
            let transport = try Self.program(script, limits: limits)
            let gate = GateIncident(client: bench.agent(claim))
            let dialogue = AgentDialogue(transport: transport, gate: gate, renewal: renewal)
            var use = AgentUse(limits: limits)
            async let other: Void = besides(bench, incident)
            let end: Result<AgentDialogue.End, any Error>
            do { end = .success(try await dialogue.hold(about: claim.incident, &use)) } catch { end = .failure(error) }
            let farewell = await transport.close()
            try await other
            try check(try end.get(), farewell, try await bench.store.record(incident).incident)
        }
    }

    private static func program(_ script: String, limits: AgentLimits = AgentLimits()) throws -> ProgramTransport {
        try ProgramTransport(Spawn(path: "/usr/bin/python3", arguments: ["-uc", prelude + script]), limits: limits)
    }

    private static let prelude = """
        import json, os, sys, time
        def hear(): return json.loads(sys.stdin.readline())
        def say(call, **body):
            print(json.dumps({"call": call, "body": body}))
            return hear()
        start = hear()

        """

    @Test func `a program asks, says the cause, is allowed to act, and sees it proven`() async throws {
        try await talk(
            """
            seen = say("read", reads=[{"read": "pg.blockers"}])["answer"][0]["evidence"]
            say("diagnose", component="cache", mechanism="cache-bad", confidence="high", statement="bad", evidence=[seen])
            option = {"title": "clear", "steps": [{"action": "clear-cache", "parameters": {}}]}
            proposal = say("propose", summary="empty the cache", options=[option], evidence=[seen])["answer"]["proposal"]
            state = "pending"
            while state in ("pending", "running", "verifying"):
                state = say("outcome", proposal=proposal, wait=20)["answer"]["state"]
            print(state, file=sys.stderr)
            print(json.dumps({"call": "done"}))
            """,
            besides: { bench, _ in
                for _ in 0..<400 {
                    if let asked = try await bench.person.approvals(.pending).first {
                        _ = try await bench.approve(asked.id)
                        return
                    }
                    try await Task.sleep(for: .milliseconds(50))
                }
            },
            then: { end, farewell, incident in
                #expect(end == .agent)
                #expect(farewell == AgentFarewell(problem: nil, remarks: "recovered\n"))
                #expect(incident.state == .resolved)
            }
        )
    }

    @Test func `an agent that hands over is told that its incident has ended`() async throws {
        try await talk(
            """
            assert "answer" in say("escalate", reason="I know nothing of this")
            print(json.dumps(say("incident")), file=sys.stderr)
            """
        ) { end, farewell, incident in
            #expect(end == .incident)
            #expect(farewell.remarks == "{\"over\": \"the incident has ended\"}\n")
            #expect(incident.state == .escalated)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `one that only listens after a hand-over is told that it is over`() async throws {
        try await talk(
            """
            assert "answer" in say("escalate", reason="I know nothing of this")
            print(json.dumps(hear()), file=sys.stderr)
            """
        ) { end, farewell, incident in
            #expect(end == .incident)
            #expect(farewell.remarks == "{\"over\": \"the incident has ended\"}\n")
            #expect(incident.state == .escalated)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `one that only listens is told when a person ends its incident`() async throws {
        try await talk(
            "print(json.dumps(hear()), file=sys.stderr)",
            renewal: .milliseconds(200),
            besides: { bench, incident in _ = try await bench.person.close(incident, reason: "by hand") },
            then: { end, farewell, _ in
                #expect(end == .incident)
                #expect(farewell.remarks == "{\"over\": \"the incident has ended\"}\n")
            }
        )
    }

    @Test func `what is said about another incident is over, and nothing is done about it`() async throws {
        try await talk(
            """
            late = {"call": "escalate", "id": 7, "incident": "inc-before", "body": {"reason": "late"}}
            print(json.dumps(late))
            print(json.dumps(hear(), sort_keys=True), file=sys.stderr)
            """
        ) { end, farewell, incident in
            #expect(end == .agent)
            #expect(farewell.remarks == "{\"id\": 7, \"over\": \"the incident has ended\"}\n")
            #expect(incident.endedAt == nil)
        }
    }

    @Test func `what the gate refuses is told in the gate's words, and what is no body in ours`() async throws {
        try await talk(
            """
            def option(action): return {"title": "x", "steps": [{"action": action, "parameters": {}}]}
            for answer in (say("propose", summary="x", options=[option("clear-cache")], evidence=["ev-99"]),
                           say("diagnose", component=1), say("propose", summary="x", options=[option("delete-all")])):
                print(answer["error"]["code"], file=sys.stderr)
            """
        ) { _, farewell, incident in
            #expect(farewell.remarks == "evidence_unknown\nbad_body\nproposal_invalid\n")
            #expect(incident.endedAt == nil)
        }
    }

    @Test func `one that floods with calls is stopped`() async throws {
        try await talk("while True: print('{\"call\": \"incident\"}')", limits: AgentLimits(calls: 10)) {
            end,
            _,
            incident in
            #expect(end == .stopped("it made more than 10 calls"))
            #expect(incident.endedAt == nil)
        }
    }

    @Test func `one that writes nonsense is told so, and stopped when it goes on`() async throws {
        try await talk("while True: print('nonsense')", limits: AgentLimits(badMessages: 3)) { end, _, _ in
            #expect(end == .stopped("it sent more than 3 unreadable messages"))
        }
    }

    @Test func `one that dies says so by its exit status`() async throws {
        try await talk("say('read', reads=[{'read': 'pg.blockers'}]); os._exit(3)") { end, farewell, _ in
            #expect(end == .agent)
            #expect(farewell.problem == "it ended with exit status 3")
        }
    }

    @Test func `a message without an end cannot be listened to`() async throws {
        await #expect(throws: AgentRefusal.self) {
            try await talk(
                "os.write(1, b'x' * 300000); time.sleep(600)",
                limits: AgentLimits(messageBytes: 100_000)
            ) { _, _, _ in }
        }
    }

    @Test func `one that hangs is ended when the run is over`() async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "own")
            let script =
                "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x'); time.sleep(600)"
            let transport = try ProgramTransport(
                Spawn(path: "/usr/bin/python3", arguments: ["-uc", script]),
                limits: AgentLimits()
            )
            let first = try await transport.receive(within: .seconds(20))
            #expect(first == .message([UInt8(ascii: "x")]))  // from now on it ignores what it is asked
            let dialogue = AgentDialogue(transport: transport, gate: GateIncident(client: bench.agent(claim)))
            let talking = Task {
                var use = AgentUse(limits: AgentLimits())
                return try await dialogue.hold(about: claim.incident, &use)
            }
            talking.cancel()
            await #expect(throws: (any Error).self) { try await talking.value }
            #expect(await transport.close().problem == "it was ended by signal 9")
        }
    }
}
