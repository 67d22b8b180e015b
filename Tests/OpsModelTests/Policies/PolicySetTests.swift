import Testing

@testable import OpsModel

@Suite struct PolicySetTests {
    static let facts = PolicyFacts(["action.type": "restart"])

    /// A rule whose conditions come to a verdict on ``facts``.
    static func policy(_ number: Int, _ action: PolicyAction, _ verdict: ConditionVerdict) throws -> PolicyRecord {
        let condition =
            switch verdict {
            case .met: PolicyCondition("action.type", .equals, "restart")
            case .unmet: PolicyCondition("action.type", .equals, "other")
            case .undecidable: PolicyCondition("diagnosis.component", .equals, "db")
            }
        let isQuestion = action == .requireApproval
        let rule = PolicyRule(
            conditions: [condition],
            action: action,
            approvalRequiredFrom: isQuestion ? ["person:p\(number)"] : [],
            timeoutMinutes: isQuestion ? number : nil
        )
        return record("pol-\(number)", try JSONValue(encoding: rule))
    }

    static func record(_ id: String, _ rule: JSONValue) -> PolicyRecord {
        PolicyRecord(
            id: id,
            version: 1,
            name: "rule \(id)",
            description: "",
            status: .active,
            ruleDefinition: rule,
            createdBy: nil,
            createdAt: Timestamp(microseconds: 0)
        )
    }

    /// Every triple of rules, of every action and every verdict, in every order.
    @Test func theStrictestOfThoseThatApplyHolds() throws {
        let kinds = PolicyAction.allCases.flatMap { action in
            [ConditionVerdict.met, .unmet, .undecidable].map { (action, $0) }
        }
        for first in kinds {
            for second in kinds {
                for third in kinds {
                    let all = [first, second, third]
                    let records = try all.enumerated().map { try Self.policy($0 + 1, $1.0, $1.1) }
                    let ruling = PolicySet(records).ruling(on: Self.facts)
                    let applying = all.filter { $0.1 == .met || $0.1 == .undecidable && $0.0 != .allow }
                    #expect(ruling.action == applying.map(\.0).max(), "\(all)")
                    #expect(ruling.applied.map(\.action) == applying.map(\.0), "\(all)")
                    #expect(ruling.decisive?.action == ruling.action)
                    let asked = applying.filter { $0.0 == .requireApproval }.count
                    #expect(ruling.requirements.count == asked)
                    #expect((ruling.timeoutMinutes != nil) == (asked > 0))
                }
            }
        }
    }

    @Test func blockBeatsSimulateBeatsApprovalBeatsAllow() {
        #expect(PolicyAction.allCases.sorted() == [.allow, .requireApproval, .simulate, .block])
    }

    @Test func allConditionsHaveToBeMet() throws {
        let rule: JSONValue = [
            "conditions": [
                ["field": "action.type", "operator": "equals", "value": "restart"],
                ["field": "action.n", "operator": "at_least", "value": 3],
            ], "action": "block",
        ]
        let set = PolicySet([Self.record("pol-1", rule)])
        #expect(set.ruling(on: Self.facts).action == nil)
        #expect(set.ruling(on: PolicyFacts(["action.type": "restart", "action.n": 3])).action == .block)
        let unsure = set.ruling(on: PolicyFacts(["action.type": "restart", "action.n": "three"]))
        #expect(unsure.action == .block && unsure.applied[0].undecided == ["action.n"])
    }

    /// A later gate may have written it; what it was meant to prevent, nobody here knows.
    @Test func whatCannotBeReadBlocks() {
        let set = PolicySet([Self.record("pol-1", ["conditions": [["field": "x"]], "action": "allow"])])
        #expect(set.ruling(on: Self.facts).action == .block)
        #expect(PolicySet.empty.ruling(on: Self.facts).action == nil)
    }

    @Test func severalStepsComeToTheStrictest() throws {
        let set = PolicySet([try Self.policy(5, .requireApproval, .met), try Self.policy(3, .requireApproval, .met)])
        var ruling = PolicyRuling()
        ruling.take(set.ruling(on: Self.facts))
        ruling.take(set.ruling(on: Self.facts))
        #expect(ruling.applied.count == 2 && ruling.timeoutMinutes == 3)
        #expect(ruling.requirements.map(\.from) == [["person:p5"], ["person:p3"]])
    }
}
