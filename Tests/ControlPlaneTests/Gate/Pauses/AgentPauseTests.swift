import AgentOps
import GateClient
import OpsHTTP
import OpsModel
import OpsPostgres
import Testing

@testable import ControlPlane

/// One agent is paused and let go on, over a real socket and a real PostgreSQL.
@Suite struct AgentPauseTests {
    private func refusal(_ body: () async throws -> Void) async -> RemoteError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RemoteError
        }
    }

    private func audit(_ bench: GateBench) async throws -> [String] {
        try await bench.store.organisation.transaction { connection in
            try await connection.query(
                """
                SELECT concat_ws(' ', actor_type, actor_id, action_type, entity_type, entity_id, changes ->> 'reason')
                    AS row FROM agentops.audit_logs WHERE entity_type = 'agent' ORDER BY seq
                """
            ).map { try $0.string("row") }
        }
    }

    @Test func aPausedAgentLooksAndAsksNothing() async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "one")
            let agent = bench.agent(claim)
            let before = try await agent.propose(PlayedWorld.proposal())
            let pause = try await bench.person.pauseAgent("one", reason: "drill")
            #expect(pause.isPaused && pause.agent == "one" && pause.changedBy == "operator")
            let approval = try #require(before.approval)
            #expect(try await bench.person.approval(approval).approval.state == .superseded)
            let outcome = try await agent.outcome(of: before.proposal)
            #expect(outcome.state == .blocked && outcome.reason == "its agent was paused by operator")
            let refused = await refusal { _ = try await agent.propose(PlayedWorld.proposal()) }
            #expect(refused?.status == 403 && refused?.code == "agent_paused")
            #expect(try await agent.read(ReadRequest(reads: [ReadQuery(read: "x")])).answers.count == 1)
            try await agent.diagnose(
                Diagnosis(component: "cache", mechanism: "full", confidence: .low, statement: "so", evidence: [])
            )
            #expect(await refusal { _ = try await bench.approve(approval) }?.code == "approval_decided")

            let after = try await bench.person.resumeAgent("one", reason: "over")
            #expect(!after.isPaused && after.reason == "over")
            #expect(try await bench.person.approval(approval).approval.state == .superseded, "it does not come back")
            let again = try await agent.propose(PlayedWorld.proposal())
            _ = try await bench.approve(try #require(again.approval))
            #expect(try await agent.outcome(of: again.proposal, waiting: 20).state == .recovered)
            let rows = try await audit(bench)
            #expect(
                rows == [
                    "person operator agent.pause agent agent/one drill",
                    "person operator agent.resume agent agent/one over",
                ]
            )
        }
    }

    @Test func whatOneAgentMayNotAnotherMay() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.claim(incident, as: "one")
            _ = try await bench.person.pauseAgent("one", reason: "drill")
            let epoch = try await bench.store.epoch()
            try await bench.letLapse(incident)
            let claim = try await bench.claim(incident, as: "two")
            let receipt = try await bench.agent(claim).propose(PlayedWorld.proposal())
            _ = try await bench.person.pauseAgent("one", reason: "again")
            _ = try await bench.approve(try #require(receipt.approval))
            #expect(try await bench.agent(claim).outcome(of: receipt.proposal, waiting: 20).state == .recovered)
            #expect(try await bench.store.epoch() == epoch, "nothing of others is void")
            #expect(try await bench.store.pauses().map(\.reason) == ["drill"], "it was paused already")
        }
    }

    @Test func aStepThatWasNotSentIsWithheldAndOneUnderWayEnds() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.person.set(AutonomySetting(level: .approve, holdS: 30))
            let agent = bench.agent(try await bench.claim(incident, as: "one"))
            let held = try await agent.propose(PlayedWorld.proposal())
            _ = try await bench.approve(try #require(held.approval))
            _ = try await bench.person.pauseAgent("one", reason: "drill")
            #expect(try await agent.outcome(of: held.proposal).state == .notDone)
            try await bench.until { try await bench.store.waitingCommands().isEmpty }
            #expect(bench.world.requests == 0)
            _ = try await bench.person.resumeAgent("one", reason: "over")
            _ = try await bench.person.set(AutonomySetting(level: .approve, holdS: 0))
            bench.world.isSlow = true
            let sent = try await agent.propose(PlayedWorld.proposal())
            _ = try await bench.approve(try #require(sent.approval))
            try await bench.until { bench.world.requests > 0 }
            _ = try await bench.person.pauseAgent("one", reason: "drill")
            bench.world.isSlow = false
            #expect(try await agent.outcome(of: sent.proposal, waiting: 20).state == .recovered)
        }
    }

    /// The gate died after it had paused the agent, before it had voided what waits; the next one finds it so.
    @Test func aPauseOutlivesTheGateAndVoidsWhatItHadLeft() async throws {
        try await GateBench.with { bench, incident in
            let agent = bench.agent(try await bench.claim(incident, as: "one"))
            let receipt = try await agent.propose(PlayedWorld.proposal())
            try await bench.store.organisation.transaction { connection in
                _ = try await connection.query(
                    """
                    INSERT INTO agentops.agent_pauses (agent, is_paused, reason, changed_by)
                    VALUES ('agent/one', true, 'drill', 'ann')
                    """
                )
            }
            try await bench.until { try await agent.outcome(of: receipt.proposal, waiting: 0).state == .blocked }
            #expect(try await agent.outcome(of: receipt.proposal).state == .blocked, "the ticker came to it")
            #expect(await refusal { _ = try await agent.propose(PlayedWorld.proposal()) }?.code == "agent_paused")
        }
    }

    /// Whether before or after, never between: whatever was asked while the pause was made is void when it was answered.
    @Test func aQuestionAskedMeanwhileDoesNotSurvive() async throws {
        for _ in 1...5 {
            try await GateBench.with { bench, incident in
                let agent = bench.agent(try await bench.claim(incident, as: "one"))
                async let asked = agent.propose(PlayedWorld.proposal())
                async let paused = bench.person.pauseAgent("one", reason: "drill")
                _ = try await paused
                _ = try? await asked  // refused when it came later
                let open = try await bench.store.record(incident).proposals.filter(\.outcome.state.isMoving)
                #expect(open.isEmpty)
            }
        }
    }

    @Test func aPauseAndAStopDoNotEndEachOther() async throws {
        try await GateBench.with { bench, incident in
            let agent = bench.agent(try await bench.claim(incident, as: "one"))
            _ = try await bench.person.pauseAgent("one", reason: "drill")
            _ = try await bench.person.stopAgents(reason: "all")
            _ = try await bench.person.resumeAgents(reason: "over")
            #expect(await refusal { _ = try await agent.propose(PlayedWorld.proposal()) }?.code == "agent_paused")
            _ = try await bench.person.stopAgents(reason: "all")
            _ = try await bench.person.resumeAgent("one", reason: "over")
            #expect(try await agent.propose(PlayedWorld.proposal()).state == .blocked)
        }
    }

    @Test func theListShowsWhoIsPaused() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.claim(incident, as: "döt %20 two")
            _ = try await bench.person.pauseAgent("döt %20 two", reason: "drill")
            try await bench.store.organisation.transaction { connection in
                _ = try await connection.query(
                    "INSERT INTO agentops.agents (id, name, type) VALUES ('agent-b', 'b', 'agent'), ('b', 'b', 'service')"
                )
            }
            _ = try await bench.person.pauseAgent("b", reason: "never seen at work")
            let pool = bench.recordsAsOperator()
            defer { pool.close() }
            let shown = try await RegisteredAgent.all(pool)
            #expect(
                shown.map { "\($0.id) \($0.status) \($0.pause?.reason ?? "-")" } == [
                    "agent-b paused never seen at work", "agent/döt %20 two paused drill", "b registered -",
                ]
            )
        }
    }

    @Test func whoMayNotIsTurnedAway() async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "one")
            for verb in ["pause", "resume"] {
                let path = "/api/v1/controls/\(verb)-agent/one"
                let body = Array(#"{"reason": "drill"}"#.utf8)
                #expect(try await bench.send(.post, path, body, as: nil).status == 401)
                for other in ["agent", "referee", "signal:write"] {
                    #expect(try await bench.send(.post, path, body, as: other).status == 403, "\(verb) \(other)")
                }
                let own = ServiceClient(base: bench.base, key: claim.key)
                let refused = await refusal {
                    let _: JSONValue = try await own.post(path, ApprovalDecision(reason: "drill"))
                }
                #expect(refused?.status == 403, "an incident's key is an agent's")
            }
            #expect(try await bench.store.pauses().isEmpty)
        }
    }

    @Test func badWordsAreRefused() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.claim(incident, as: "one")
            let good = #"{"reason": "drill"}"#
            let long = #"{"reason": "\#(String(repeating: "x", count: 4_097))"}"#
            let cases: [(String, String, Int, String)] = [
                ("one", "", 400, "body_missing"), ("one", "{", 400, "malformed_json"),
                ("one", "{}", 422, "reason_missing"),
                ("one", #"{"reason": " \n "}"#, 422, "reason_missing"), ("one", long, 422, "limit_exceeded"),
                ("one", #"{"reason": "a\u0000b"}"#, 422, "limit_exceeded"), ("two", good, 404, "agent_unknown"),
                ("agent%2Fone", good, 400, "bad_path"), ("%00", good, 400, "bad_path"),
                ("ONE", good, 404, "agent_unknown"), (String(repeating: "x", count: 3_000), good, 404, "agent_unknown"),
            ]
            for (name, body, status, code) in cases {
                for verb in ["pause", "resume"] {
                    let path = "/api/v1/controls/\(verb)-agent/\(name)"
                    let answer = try await bench.send(.post, path, Array(body.utf8))
                    let told = answer.body["code"]?.stringValue
                    #expect(answer.status == status, "\(verb) \(name.prefix(20)): \(answer.body)")
                    #expect(told == code, "\(verb) \(name.prefix(20)) \(body.prefix(20))")
                }
            }
            let idle = try await bench.send(.post, "/api/v1/controls/resume-agent/one", Array(good.utf8))
            #expect(idle.status == 409 && idle.body["code"] == "agent_not_paused")
            #expect(try await bench.store.pauses().isEmpty)
            let rows = try await audit(bench)
            #expect(rows.isEmpty)
        }
    }

    @Test func whoCouldNotBeNamedMayNotClaim() async throws {
        try await GateBench.with { bench, incident in
            for name in ["", ".", "..", "a/b", "a\\b", "a\u{0}b", "a\nb", "\u{7F}"] {
                let refused = await refusal {
                    _ = try await bench.host.claim(incident, as: AgentClaim(agent: name, version: "1"))
                }
                #expect(refused?.status == 422 && refused?.code == "name_invalid", "\(name)")
            }
        }
    }
}
