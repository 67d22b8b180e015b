import Testing

@testable import OpsModel

@Suite struct PolicyConditionTests {
    typealias Case = (field: String, comparison: PolicyOperator, value: JSONValue, fact: JSONValue?)

    private func verdict(_ what: Case) -> ConditionVerdict {
        var facts = PolicyFacts()
        facts[what.field] = what.fact
        return PolicyCondition(what.field, what.comparison, what.value).verdict(on: facts)
    }

    @Test func met() {
        let cases: [Case] = [
            ("action.type", .equals, "a", "a"), ("action.type", .notEquals, "a", "b"), ("action.type", .in, ["a"], "a"),
            ("action.type", .notIn, ["a"], "b"), ("action.type", .contains, "start", "restart-db"),
            ("action.type", .matches, "restart-*", "restart-db"), ("action.type", .exists, true, "a"),
            ("action.type", .exists, false, nil), ("action.x", .greaterThan, 10, 10.5), ("action.x", .equals, 10, 10.0),
            ("action.x", .atMost, 10, 10), ("action.risk", .atLeast, "medium", "high"),
            ("action.risk", .lessThan, "medium", "low"), ("action.reversible", .equals, false, false),
            ("time.hour", .lessThan, 8, 7), ("incident.journey", .equals, "b", ["a", "b"]),
            ("incident.journey", .notEquals, "c", ["a", "b"]), ("incident.journey", .notEquals, "c", []),
            ("incident.journey", .exists, false, []), ("action.x", .notEquals, 1, nil), ("action.x", .notIn, [1], nil),
        ]
        for one in cases { #expect(verdict(one) == .met, "\(one)") }
    }

    @Test func unmet() {
        let cases: [Case] = [
            ("action.type", .equals, "a", "b"), ("action.type", .notEquals, "a", "a"),
            ("action.type", .matches, "restart", "restart-db"), ("action.x", .greaterThan, 10, 10),
            ("action.risk", .atLeast, "medium", "low"), ("incident.journey", .notIn, ["b"], ["a", "b"]),
            ("incident.journey", .equals, "b", []), ("action.x", .greaterThan, 1, nil), ("action.x", .equals, "", nil),
            ("action.x", .exists, true, nil), ("action.x", .exists, true, .null),
        ]
        for one in cases { #expect(verdict(one) == .unmet, "\(one)") }
    }

    /// What is missing or of another kind is not guessed.
    @Test func undecidable() {
        let cases: [Case] = [
            ("action.x", .greaterThan, 10, "11"), ("action.x", .equals, 10, "10"), ("action.x", .notEquals, 10, "10"),
            ("action.x", .matches, "*", 1), ("action.x", .equals, "a", [:]), ("action.risk", .atLeast, "low", "huge"),
            ("diagnosis.component", .equals, "db", nil), ("diagnosis.component", .notEquals, "db", nil),
            ("diagnosis.confidence", .lessThan, "high", nil), ("action.component", .in, ["db"], nil),
            ("nobody.knows", .equals, 1, 1),
        ]
        for one in cases { #expect(verdict(one) == .undecidable, "\(one)") }
    }

    /// Against a slow but obvious reading, over every pattern and text of a small alphabet.
    @Test func patternsMatchWhatTheySay() {
        let patterns = words("ab*?", 4)
        let texts = words("ab", 4)
        for pattern in patterns {
            let quick = WildcardPattern(pattern)
            for text in texts where quick.matches(text) != Self.slow(pattern[...], text[...]) {
                Issue.record("\(pattern) on \(text)")
            }
        }
    }

    @Test func aHostilePatternTakesNoTime() {
        let text = String(repeating: "a", count: 4_000)
        let pattern = String(repeating: "*a", count: 90) + "b"
        let took = ContinuousClock().measure { #expect(!WildcardPattern(pattern).matches(text)) }
        #expect(took < .seconds(2), "\(took)")
    }

    private func words(_ alphabet: String, _ longest: Int) -> [String] {
        var all = [""]
        var last = [""]
        for _ in 0..<longest {
            last = last.flatMap { word in alphabet.map { word + String($0) } }
            all += last
        }
        return all
    }

    private static func slow(_ pattern: Substring, _ text: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" {
            return slow(pattern.dropFirst(), text) || !text.isEmpty && slow(pattern, text.dropFirst())
        }
        guard let letter = text.first, first == "?" || first == letter else { return false }
        return slow(pattern.dropFirst(), text.dropFirst())
    }
}
