import AgentOps
import GateClient
import OpsHTTP
import OpsModel
import OpsSystem
import Testing

@testable import ControlPlane

/// The audit chain read over a real socket, out of a real PostgreSQL.
@Suite struct AuditRouteTests {
    /// Six rows: two levels, a stop, a release, a pause, a resume.
    private func fill(_ bench: GateBench, _ incident: String) async throws {
        _ = try await bench.claim(incident, as: "one")
        _ = try await bench.person.set(AutonomySetting(level: .observe))
        _ = try await bench.person.set(AutonomySetting(level: .approve))
        _ = try await bench.person.stopAgents(reason: "drill")
        _ = try await bench.person.resumeAgents(reason: "over")
        _ = try await bench.person.pauseAgent("one", reason: "look closer")
        _ = try await bench.person.resumeAgent("one", reason: "fine")
    }

    private func actions(_ bench: GateBench, _ filter: AuditFilter) async throws -> [String] {
        try await bench.person.audit(filter).rows.map(\.action)
    }

    @Test func rowsAreFoundByWhoWhatWhichAndWhen() async throws {
        try await GateBench.with { bench, incident in
            try await fill(bench, incident)
            let all = try await bench.person.audit()
            let last = try #require(all.rows.first)
            #expect(last.action == "agent.resume" && last.actorType == "person" && last.actor == "operator")
            #expect(last.targetType == "agent" && last.target == "agent/one" && last.changes["reason"] == "fine")
            #expect(all.rows.map(\.seq) == (1...last.seq).reversed(), "the newest first")
            #expect(all.next == nil && all.chain.isWhole && all.chain.rows == last.seq && all.chain.problems.isEmpty)
            #expect(try await actions(bench, AuditFilter(action: "agents")) == ["agents.release", "agents.stop"])
            #expect(try await actions(bench, AuditFilter(action: "agents.stop")) == ["agents.stop"])
            #expect(try await actions(bench, AuditFilter(action: "agents.st")).isEmpty, "up to a dot")
            for target in ["agent/one", "agent:agent/one"] {
                #expect(try await actions(bench, AuditFilter(target: target)) == ["agent.resume", "agent.pause"])
            }
            #expect(try await actions(bench, AuditFilter(target: "incident:agent/one")).isEmpty)
            #expect(try await actions(bench, AuditFilter(actor: "person:operator", action: "policy")).count == 2)
            #expect(try await actions(bench, AuditFilter(actor: "service:operator")).isEmpty)
            let stop = try #require(all.rows.first { $0.action == "agents.stop" })
            #expect(try await bench.person.audit(AuditFilter(from: stop.at)).rows.last?.seq == stop.seq)
            #expect(try await bench.person.audit(AuditFilter(to: stop.at)).rows.first?.seq == stop.seq - 1)
            #expect(try await actions(bench, AuditFilter(actor: "' OR 1=1 --")).isEmpty)
        }
    }

    @Test func pagesFollowEachOtherInBothDirections() async throws {
        try await GateBench.with { bench, incident in
            try await fill(bench, incident)
            let count = try await bench.person.audit().rows.count
            for isForwards in [true, false] {
                var seen: [Int] = []
                var filter = isForwards ? AuditFilter(after: 0, limit: 2) : AuditFilter(limit: 2)
                for _ in 0..<10 {
                    let page = try await bench.person.audit(filter)
                    #expect(page.rows.count <= 2)
                    seen += page.rows.map(\.seq)
                    guard let next = page.next else { break }
                    if isForwards { filter.after = next } else { filter.before = next }
                }
                #expect(seen == (isForwards ? Array(1...count) : (1...count).reversed()))
            }
            #expect(try await bench.person.audit(AuditFilter(after: count)).rows.isEmpty)
            #expect(try await bench.person.audit(AuditFilter(after: count - 2, limit: 2)).next == nil)
        }
    }

    @Test func aChainThatSomebodyTouchedIsToldWhateverIsAskedFor() async throws {
        try await GateBench.with { bench, incident in
            try await fill(bench, incident)
            try await bench.checkpoint()
            let whole = try await bench.person.audit().chain
            #expect(whole.isWhole && whole.checkpoints == 1 && whole.covered == whole.rows)
            try await bench.forge(
                "UPDATE agentops.audit_logs SET actor_id = 'mallory' WHERE action_type = 'agents.stop'"
            )
            let page = try await bench.person.audit(AuditFilter(action: "agent"))
            #expect(page.rows.count == 2, "rows are shown all the same")
            #expect(!page.chain.isWhole && page.chain.problems.count == 1)
            #expect(page.chain.problems.first?.message.contains("was changed") == true)
        }
    }

    @Test func aTailThatWasCutIsFoundByItsCheckpoint() async throws {
        try await GateBench.with { bench, incident in
            try await fill(bench, incident)
            try await bench.checkpoint()
            let rows = try await bench.person.audit().chain.rows
            try await bench.forge(
                """
                DELETE FROM agentops.audit_logs WHERE org_id = 'lab' AND seq = \(rows);
                UPDATE agentops.audit_heads SET seq = seq - 1, hash = (SELECT hash FROM agentops.audit_logs
                    WHERE org_id = 'lab' AND seq = \(rows - 1)) WHERE org_id = 'lab'
                """
            )
            let chain = try await bench.person.audit().chain
            #expect(!chain.isWhole && chain.problems.first?.message.contains("was cut") == true)
        }
    }

    @Test func checkpointsThatSomebodyTouchedAreToldToo() async throws {
        try await GateBench.with { bench, incident in
            try await fill(bench, incident)
            try FileSystem.writeAtomically("{}\n", to: bench.checkpointFile, mode: 0o600)
            let page = try await bench.person.audit()
            #expect(!page.chain.isWhole && page.chain.problems.first?.seq == 0 && !page.rows.isEmpty)
        }
    }

    @Test func whoMayNotIsTurnedAway() async throws {
        try await GateBench.with { bench, incident in
            let claim = try await bench.claim(incident, as: "one")
            #expect(try await bench.send(.get, "/api/v1/audit-logs", as: nil).status == 401)
            for other in ["agent", "referee", "signal:write"] {
                #expect(try await bench.send(.get, "/api/v1/audit-logs", as: other).status == 403, "\(other)")
            }
            let refused = await #expect(throws: RemoteError.self) {
                let _: JSONValue = try await ServiceClient(base: bench.base, key: claim.key).get("/api/v1/audit-logs")
            }
            #expect(refused?.status == 403)
        }
    }

    @Test func badWordsAreRefused() async throws {
        try await GateBench.with { bench, _ in
            let long = String(repeating: "x", count: 1_001)
            let cases: [(String, Int)] = [
                ("limit=0", 422), ("limit=501", 422), ("limit=ten", 422), ("limit=-1", 422),
                ("limit=99999999999999999999", 422), ("after=-1", 422), ("before=x", 422), ("after=1&before=9", 400),
                ("from=yesterday", 400), ("to=", 400), ("from=\(long)", 400), ("actor=", 400), ("actor=\(long)", 400),
                ("action=%00", 400), ("target=a%00b", 400), ("actor=%zz", 400), ("actr=ann", 400),
                ("actor=ann&actor=bob", 400), ("seq=1", 400),
            ]
            for (query, status) in cases {
                let answer = try await bench.send(.get, "/api/v1/audit-logs?\(query)")
                #expect(answer.status == status, "\(query.prefix(30)): \(answer.body)")
                #expect(answer.body["code"] == "bad_query", "\(query.prefix(30)): \(answer.body)")
            }
            for query in ["limit=500", "after=9223372036854775807", "before=0", "from=2026-01-01T00:00:00%2B02:00"] {
                #expect(try await bench.send(.get, "/api/v1/audit-logs?\(query)").status == 200, "\(query)")
            }
        }
    }
}
