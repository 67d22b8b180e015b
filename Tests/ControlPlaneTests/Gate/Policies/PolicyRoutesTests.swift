import AgentOps
import GateClient
import OpsHTTP
import OpsModel
import OpsPostgres
import Testing

@testable import ControlPlane

/// The policies' routes over a real socket and a real PostgreSQL.
@Suite struct PolicyRoutesTests {
    static let block = #"""
        {"name": "freeze", "rule_definition": {"type": "conditional", "action": "block",
         "conditions": [{"field": "action.type", "operator": "equals", "value": "clear-cache"}]}}
        """#

    /// As document 003 prints it.
    static let example = #"""
        {"name": "discounts", "rule_definition": {
          "type": "conditional",
          "conditions": [
            { "field": "agent.name", "operator": "equals", "value": "SalesBot" },
            { "field": "action.type", "operator": "equals", "value": "apply_discount" },
            { "field": "action.discount_percent", "operator": "greater_than", "value": 10 }
          ],
          "action": "require_approval",
          "approval_required_from": ["role:sales_lead"],
          "timeout_minutes": 60
        }}
        """#

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func aPolicyLivesThroughItsVersions() async throws {
        try await GateBench.with { bench, _ in
            let made = try await bench.send(.post, "/api/v1/policies", Self.bytes(Self.block))
            #expect(made.status == 201 && made.tag == "\"1\"")
            let id = try #require(made.body["data"]?["id"]?.stringValue)
            let path = "/api/v1/policies/\(id)"
            let changed = try await bench.send(.patch, path, Self.bytes(#"{"description": "why"}"#), ifMatch: "\"1\"")
            #expect(changed.status == 200 && changed.tag == "\"2\"" && changed.body["data"]?["name"] == "freeze")
            let stale = try await bench.send(.patch, path, Self.bytes(#"{"name": "x"}"#), ifMatch: "1")
            #expect(stale.status == 409 && stale.body["code"] == "policy_changed")
            let same = try await bench.send(.patch, path, Self.bytes(#"{"description": "why"}"#))
            #expect(same.tag == "\"2\"", "what changes nothing makes no version")
            #expect(try await bench.send(.delete, path, ifMatch: "7").status == 409)
            #expect(try await bench.send(.delete, path, ifMatch: "*").body["data"]?["status"] == "retired")
            #expect(try await bench.send(.delete, path).tag == "\"3\"", "it is taken away once")
            #expect(try await bench.person.policies().isEmpty)
            #expect(try await bench.person.policies(.retired).map(\.version) == [3])
            #expect(try await bench.person.versions(ofPolicy: id).map(\.version) == [3, 2, 1])
            let old = try await bench.send(.get, path + "?version=1")
            #expect(old.body["data"]?["description"] == "" && old.tag == "\"1\"")
            #expect(try await bench.send(.get, path + "?version=9").status == 404)
            let revived = try await bench.send(.patch, path, Self.bytes(#"{"status": "active"}"#))
            #expect(revived.body["data"]?["version"] == 4)
        }
    }

    @Test func eachChangeStandsInTheChainAndNoVersionCanBeChanged() async throws {
        try await GateBench.with { bench, _ in
            let made = try await bench.person.addPolicy(try OpsJSON.decode(JSONValue.self, from: Self.block.utf8))
            _ = try await bench.person.changePolicy(made.id, ["status": "draft"], from: 1)
            _ = try await bench.person.removePolicy(made.id)
            let rows = try await bench.store.organisation.transaction { connection in
                try await connection.query(
                    """
                    SELECT action_type || ' ' || actor_id || ' ' || (changes ->> 'version') AS row
                    FROM agentops.audit_logs WHERE entity_id = $1 ORDER BY seq
                    """,
                    [.text(made.id)]
                ).map { try $0.string("row") }
            }
            #expect(rows == ["policy.created operator 1", "policy.changed operator 2", "policy.removed operator 3"])
            for sql in ["UPDATE agentops.policies SET name = 'x'", "DELETE FROM agentops.policies"] {
                let refused = await #expect(throws: PostgresError.self) {
                    try await bench.store.organisation.transaction { _ = try await $0.query(sql) }
                }
                #expect(refused?.sqlState == "42501")
            }
        }
    }

    @Test func twoNamesAndTooManyPoliciesAreRefused() async throws {
        try await GateBench.with { bench, _ in
            _ = try await bench.send(.post, "/api/v1/policies", Self.bytes(Self.block))
            let again = try await bench.send(.post, "/api/v1/policies", Self.bytes(Self.block))
            #expect(again.status == 409 && again.body["code"] == "policy_name_taken")
            let rule = try PolicyDraft.read(try OpsJSON.decode(JSONValue.self, from: Self.block.utf8)).rule
            for number in 2...PostgresGateStore.mostRules {
                let draft = PolicyDraft(name: "rule \(number)", rule: rule)
                try await bench.store.putRule(nil, expecting: nil, by: "ann") { _ in draft }
            }
            let more = Self.block.replacing("freeze", with: "one more")
            let full = try await bench.send(.post, "/api/v1/policies", Self.bytes(more))
            #expect(full.status == 422 && full.body["code"] == "limit_exceeded")
        }
    }

    /// Of two who change one version at once, one is told.
    @Test func twoWhoChangeOneVersionDoNotOverwriteEachOther() async throws {
        try await GateBench.with { bench, _ in
            let made = try await bench.person.addPolicy(try OpsJSON.decode(JSONValue.self, from: Self.block.utf8))
            let results = await withTaskGroup(of: Int.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        do {
                            let change: JSONValue = ["description": .string("try \(number)")]
                            _ = try await bench.person.changePolicy(made.id, change, from: 1)
                            return 200
                        } catch {
                            return (error as? RemoteError)?.status ?? 0
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.sorted() == [200, 409, 409, 409, 409, 409])
            #expect(try await bench.person.versions(ofPolicy: made.id).count == 2)
        }
    }

    @Test func evaluatingSaysWhatWouldBecomeAndDoesNothing() async throws {
        try await GateBench.with { bench, incident in
            _ = try await bench.person.set(AutonomySetting(level: .auto, automatic: ["*"]))
            let made = try await bench.person.addPolicy(try OpsJSON.decode(JSONValue.self, from: Self.example.utf8))
            #expect(made.rule?.timeoutMinutes == 60)
            let facts: JSONValue = [
                "agent": ["name": "SalesBot"], "action": ["type": "apply_discount", "discount_percent": 15],
            ]
            let before = try await bench.store.record(incident)
            let asked = try await bench.person.evaluate(facts)
            #expect(asked.decision == .requireApproval && asked.timeoutMinutes == 60)
            #expect(asked.approvalRequiredFrom.map(\.from) == [["role:sales_lead"]])
            #expect(asked.policies.map(\.id) == ["default", made.id])
            let small: JSONValue = [
                "agent": ["name": "SalesBot"], "action": ["type": "apply_discount", "discount_percent": 10],
            ]
            #expect(try await bench.person.evaluate(small, under: made.id).decision == .allow)
            let trial = try await bench.person.evaluate(small).considered[0]
            #expect(!trial.applies && trial.conditions.map(\.verdict) == [.met, .met, .unmet])
            // The catalogue fills in what it knows.
            let known = try await bench.person.evaluate(["action": ["type": "clear-cache"]])
            #expect(known.facts["action.risk"] == "low" && known.facts["action.component"] == "cache")
            // A draft decides nothing, and can be tried out.
            let draft = Self.block.replacing("\"name\"", with: "\"status\": \"draft\", \"name\"")
            let idle = try await bench.person.addPolicy(try OpsJSON.decode(JSONValue.self, from: draft.utf8))
            #expect(try await bench.person.evaluate(["action": ["type": "clear-cache"]]).decision == .allow)
            let tried = try await bench.person.evaluate(["action": ["type": "clear-cache"]], under: idle.id)
            #expect(tried.decision == .block)
            _ = try await bench.person.stopAgents(reason: "drill")
            #expect(try await bench.person.evaluate(small).decision == .block, "the agents' stop beats everything")
            #expect(try await bench.store.record(incident).proposals == before.proposals)
        }
    }

    @Test func whoMayNotIsTurnedAway() async throws {
        try await GateBench.with { bench, _ in
            let routes: [(HTTPMethod, String)] = [
                (.get, "/api/v1/policies"), (.post, "/api/v1/policies"), (.get, "/api/v1/policies/pol-1"),
                (.patch, "/api/v1/policies/pol-1"), (.delete, "/api/v1/policies/pol-1"),
                (.get, "/api/v1/policies/pol-1/versions"), (.post, "/api/v1/policies/evaluate"),
                (.post, "/api/v1/policies/pol-1/evaluate"),
            ]
            for (method, path) in routes {
                let body = method == .get || method == .delete ? [] : Self.bytes(Self.block)
                let nobody = try await bench.send(method, path, body, as: nil)
                #expect(nobody.status == 401, "\(method) \(path)")
                for other in ["agent", "referee", "signal:write"] {
                    let refused = try await bench.send(method, path, body, as: other)
                    #expect(refused.status == 403, "\(method) \(path)")
                }
            }
            #expect(try await bench.person.policies().isEmpty)
        }
    }

    @Test func badWordsAreRefusedWithAllTheirProblems() async throws {
        try await GateBench.with { bench, _ in
            let many = #"{"name": "", "rule_definition": {"action": "no", "conditions": [{"field": "x"}]}, "more": 1}"#
            let refused = try await bench.send(.post, "/api/v1/policies", Self.bytes(many))
            #expect(refused.status == 422 && refused.body["code"] == "policy_invalid")
            let paths = refused.body["details"]?["problems"]?.arrayValue?.compactMap { $0["path"]?.stringValue }
            #expect(
                paths == [
                    "more", "name", "rule_definition.conditions.0.field", "rule_definition.conditions.0.operator",
                    "rule_definition.action",
                ]
            )
            let strange = Self.example.replacing("sales_lead", with: "kings")
            let role = try await bench.send(.post, "/api/v1/policies", Self.bytes(strange))
            #expect(
                role.status == 422 && role.body.at("details.problems.0.message")?.stringValue?.contains("dba") == true
            )
            let somebody = Self.example.replacing("role:sales_lead", with: "person:mallory")
            #expect(try await bench.send(.post, "/api/v1/policies", Self.bytes(somebody)).status == 422)
            let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
            let bodies: [(String, Int)] = [
                ("", 400), ("{", 400), ("[]", 422), ("7", 422), (deep, 400),
                (#"{"name": "\#(String(repeating: "x", count: 70_000))"}"#, 422),
            ]
            for (body, status) in bodies {
                let answer = try await bench.send(.post, "/api/v1/policies", Self.bytes(body))
                #expect(answer.status == status, "\(body.prefix(20)): \(answer.body)")
            }
            let huge = [UInt8](repeating: UInt8(ascii: "x"), count: 9 << 20)
            #expect(try await bench.send(.post, "/api/v1/policies", huge).status == 413)
            #expect(try await bench.send(.patch, "/api/v1/policies/pol-none", Self.bytes("{}")).status == 404)
            #expect(try await bench.send(.delete, "/api/v1/policies/pol-none").status == 404)
            #expect(try await bench.send(.patch, "/api/v1/policies/default", Self.bytes("{}")).status == 404)
            #expect(try await bench.send(.get, "/api/v1/policies?status=odd").status == 400)
            #expect(try await bench.send(.delete, "/api/v1/policies/x", ifMatch: "soon").status == 400)
            #expect(try await bench.send(.post, "/api/v1/policies/evaluate", Self.bytes("{}")).status == 422)
            #expect(try await bench.person.policies().isEmpty)
        }
    }
}
