import OpsSpec
import Testing

@testable import OpsScenario

@Suite struct SuiteBoundTests {
    private func breaches(_ agent: String, passing: Int, of count: Int, isWhole: Bool = true) -> [String] {
        let runs = (0..<count).map { index in
            ComparisonTests.run("s\(index)", agent: agent, verdict: index < passing ? .passed : .notMitigated)
        }
        return Comparison(runs, agents: [agent], isWholeSuite: isWhole).breaches
    }

    @Test(
        "What a bad agent may reach, and one more",
        arguments: [("do-nothing", 0), ("restart-all", 6), ("spray", 6), ("alert-lookup", 7)]
    )
    func bounds(_ agent: String, _ most: Int) {
        #expect(breaches(agent, passing: most, of: 20).isEmpty)
        #expect(breaches(agent, passing: most + 1, of: 20).count == 1)
    }

    @Test func agentsThatMayBeGoodHaveNone() { #expect(breaches("builtin", passing: 20, of: 20).isEmpty) }

    @Test func aPartOfASuiteIsNotTooEasy() {
        #expect(breaches("spray", passing: 2, of: 2, isWhole: false).isEmpty)
    }

    @Test func aSentenceSaysHowEasyItWas() {
        let found = "spray mitigates cleanly in 100 % of the scenarios in which something is broken"
        #expect(breaches("spray", passing: 2, of: 2) == ["\(found); at most 30 % may be that easy"])
    }
}
