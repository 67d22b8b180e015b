import Testing

@testable import OpsModel

@Suite struct PolicyRuleTests {
    /// As document 003 prints it.
    static let example = #"""
        {
          "type": "conditional",
          "conditions": [
            { "field": "agent.name", "operator": "equals", "value": "SalesBot" },
            { "field": "action.type", "operator": "equals", "value": "apply_discount" },
            { "field": "action.discount_percent", "operator": "greater_than", "value": 10 }
          ],
          "action": "require_approval",
          "approval_required_from": ["role:sales_lead"],
          "timeout_minutes": 60
        }
        """#

    static func document(_ text: String) throws -> JSONValue { try OpsJSON.decode(JSONValue.self, from: text.utf8) }

    private func problems(_ text: String) throws -> [String] {
        let document = try Self.document(text)
        let thrown = #expect(throws: PolicyProblems.self) { try PolicyRule.read(document) }
        return try #require(thrown).all.map(\.path)
    }

    private func condition(_ field: String, _ comparison: String, _ value: JSONValue) -> JSONValue {
        let condition: JSONValue = ["field": .string(field), "operator": .string(comparison), "value": value]
        return ["conditions": [condition], "action": "block"]
    }

    @Test func theLiteralExampleIsReadAndWrittenAsItIs() throws {
        let document = try Self.document(Self.example)
        let rule = try PolicyRule.read(document)
        #expect(rule.action == .requireApproval && rule.timeoutMinutes == 60 && rule.conditions.count == 3)
        #expect(try JSONValue(encoding: rule) == document)
        #expect(try OpsJSON.decode(PolicyRule.self, from: Self.example.utf8) == rule)
    }

    @Test func everyProblemIsToldAtOnce() throws {
        let found = try problems(
            #"""
            {"type": "other", "surprise": 1, "action": "maybe", "timeout_minutes": 0,
             "approval_required_from": ["ann"],
             "conditions": [{"field": "agent.shoe_size.x", "operator": "equals", "value": 1},
                            {"field": "action.risk", "operator": "contains", "value": "lo"},
                            {"field": "action.risk", "operator": "at_least", "value": "huge"},
                            {"field": "time.hour", "operator": "in", "value": [1, "two"]}, 7]}
            """#
        )
        #expect(
            found == [
                "surprise", "type", "conditions.0.field", "conditions.1.operator", "conditions.2.value",
                "conditions.3.value", "conditions.4", "action", "approval_required_from.0", "timeout_minutes",
            ]
        )
    }

    @Test func whatBelongsToAQuestionGoesWithNothingElse() throws {
        let text = #"""
            {"conditions": [{"field": "action.type", "operator": "exists", "value": true}], "action": "allow",
             "approval_required_from": ["person:ann"], "timeout_minutes": 5}
            """#
        #expect(try problems(text) == ["approval_required_from", "timeout_minutes"])
    }

    @Test(arguments: ["0", "6", "-1", "1.5", #""2""#, "true", "[2]", "{}", "1e3"])
    func aQuorumIsOneToFivePeople(_ quorum: String) throws {
        let rule = #"{"conditions": [{"field": "action.type", "operator": "exists", "value": true}], "#
        let read = try problems(rule + #""action": "require_approval", "quorum": \#(quorum)}"#)
        #expect(read == ["quorum"])
    }

    @Test func howManyPeopleAndWhoNotGoWithAQuestionOnly() throws {
        let rule = #"{"conditions": [{"field": "action.type", "operator": "exists", "value": true}], "#
        #expect(try problems(rule + #""action": "block", "quorum": 2, "four_eyes": true}"#) == ["quorum", "four_eyes"])
        for words in [#""yes""#, "1", "[]"] {
            #expect(try problems(rule + #""action": "require_approval", "four_eyes": \#(words)}"#) == ["four_eyes"])
        }
        let text = rule + #""action": "require_approval", "quorum": 5, "four_eyes": true}"#
        let good = try PolicyRule.read(try Self.document(text))
        #expect(good.quorum == 5 && good.fourEyes)
        #expect(try OpsJSON.decode(PolicyRule.self, from: try OpsJSON.encode(good)) == good)
    }

    @Test func limits() throws {
        #expect(try problems(#"{"conditions": [], "action": "block"}"#) == ["conditions"])
        let one: JSONValue = ["field": "action.type", "operator": "equals", "value": "x"]
        let many: JSONValue = ["conditions": .array(Array(repeating: one, count: 21)), "action": "block"]
        #expect(throws: PolicyProblems.self) { try PolicyRule.read(many) }
        let most: JSONValue = ["conditions": .array(Array(repeating: one, count: 20)), "action": "block"]
        #expect(try PolicyRule.read(most).conditions.count == 20)
        let long = String(repeating: "x", count: PolicyRule.longestText + 1)
        #expect(throws: PolicyProblems.self) { try PolicyRule.read(condition("action.type", "matches", .string(long))) }
        let values = JSONValue.array(Array(repeating: "x", count: 51))
        #expect(throws: PolicyProblems.self) { try PolicyRule.read(condition("action.type", "in", values)) }
        #expect(throws: PolicyProblems.self) { try PolicyRule.read(condition("action.x", "in", [1, "one"])) }
        #expect(try problems("[]").first == "")
    }

    /// Every field with every operator: what is not for a kind is refused, what is takes a value of the kind and no other.
    @Test func operatorsAreTyped() throws {
        let samples: [JSONValue] = ["text", 3, true, "medium", "tue", [:], .null]
        for name in PolicyField.known.keys.sorted() + ["action.discount_percent"] {
            let kind = try #require(PolicyField(name)).kind
            for comparison in PolicyOperator.allCases {
                for sample in samples {
                    let isList = comparison == .in || comparison == .notIn
                    let value: JSONValue = isList ? [sample] : sample
                    let isRead = (try? PolicyRule.read(condition(name, comparison.rawValue, value))) != nil
                    let expected = kind.operators.contains(comparison) && fits(sample, kind, comparison)
                    #expect(isRead == expected, "\(name) \(comparison) \(sample)")
                }
            }
        }
    }

    private func fits(_ value: JSONValue, _ kind: PolicyField.Kind, _ comparison: PolicyOperator) -> Bool {
        let isText = value.stringValue != nil
        let isNumber = value.doubleValue != nil
        let isFlag = value.boolValue != nil
        switch (comparison, kind) {
        case (.exists, _): return isFlag
        case (.contains, _), (.matches, _): return isText
        case (.greaterThan, .parameter), (.lessThan, .parameter), (.atLeast, .parameter), (.atMost, .parameter):
            return isNumber
        case (_, .text), (_, .texts): return isText
        case (_, .number): return isNumber
        case (_, .flag): return isFlag
        case (_, .rank): return value == "medium"
        case (_, .word): return value == "tue"
        case (_, .parameter): return isText || isNumber || isFlag
        }
    }

    @Test func draftsAreReadWithAllTheirProblems() throws {
        let document: JSONValue = ["name": "", "status": "on", "owner": "me", "rule_definition": ["action": "block"]]
        let thrown = #expect(throws: PolicyProblems.self) { try PolicyDraft.read(document) }
        #expect(thrown?.all.map(\.path) == ["owner", "name", "status", "rule_definition.conditions"])
        let draft = PolicyDraft(name: "a", rule: try PolicyRule.read(try Self.document(Self.example)))
        let changed = try draft.changed(by: ["description": "why", "status": "draft"])
        #expect(changed.name == "a" && changed.description == "why" && changed.status == .draft)
        #expect(changed.rule == draft.rule)
        #expect(try changed.changed(by: ["description": .null]).description.isEmpty)
        for nothing: JSONValue in [[:], [], "x", ["version": 2]] {
            #expect(throws: PolicyProblems.self) { try draft.changed(by: nothing) }
        }
        #expect(throws: PolicyProblems.self) { try draft.changed(by: ["name": "tab\u{7}"]) }
    }

    @Test func factsAreReadByTheSameList() throws {
        let facts = try PolicyFacts.read([
            "action": ["type": "restart", "discount_percent": 11, "instance": "api-1"], "agent": ["name": "a"],
            "incident": ["journey": ["browse", "checkout"]],
        ])
        #expect(facts["action.instance"] == ["api-1"] && facts["action.discount_percent"] == 11)
        let bad: JSONValue = ["action": ["risk": "huge"], "time": ["hour": "noon"], "moon": ["phase": 1], "agent": 1]
        let thrown = #expect(throws: PolicyProblems.self) { try PolicyFacts.read(bad) }
        #expect(thrown?.all.map(\.path) == ["action.risk", "agent", "moon.phase", "time.hour", "action.type"])
    }

    @Test func timeIsInUTC() throws {
        let moments = [
            "1970-01-01T00:00:00Z", "2026-11-22T23:59:59.5Z", "1969-12-31T23:00:00Z", "2024-02-29T12:30:00Z",
        ]
        let told = try moments.map { text in
            let facts = PolicyFacts().at(try #require(Timestamp(text)))
            return [facts["time.weekday"], facts["time.hour"]]
        }
        #expect(told == [["thu", 0], ["sun", 23], ["wed", 23], ["thu", 12]])
    }
}
