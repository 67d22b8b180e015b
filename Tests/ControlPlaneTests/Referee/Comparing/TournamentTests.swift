import OpsModel
import Testing

@testable import ControlPlane

@Suite struct TournamentTests {
    private let two = [Contestant("a"), Contestant("b")]

    @Test func everyoneMeetsEveryScenarioWithEverySeedOnce() {
        let fixtures = Tournament.fixtures(two, 3, 1...4)
        #expect(fixtures.count == 24)
        #expect(Set(fixtures).count == 24)
    }

    @Test func theSeedDecidesTheOrderOfScenarios() {
        func order(_ seeds: ClosedRange<UInt64>) -> [Int] { Tournament.fixtures([two[0]], 12, seeds).map(\.scenario) }
        #expect(order(7...7) == order(7...7))
        #expect(order(7...7) != order(8...8))
        #expect(order(7...8) == order(7...7) + order(8...8))
    }

    @Test func whoSparesControlsMeetsOnlyWhatIsBroken() {
        var spared = two[0]
        spared.sparesControls = true
        let fixtures = Tournament.fixtures([spared, two[1]], 3, 1...2, controls: [1])
        #expect(fixtures.count { $0.contestant.name == "a" } == 4)
        #expect(!fixtures.contains { $0.contestant.name == "a" && $0.scenario == 1 })
        #expect(fixtures.count { $0.contestant.name == "b" } == 6)
    }

    @Test func aRunbookOfACauseIsLeftOutOnlyWhereThereIsACause() {
        let rows = [Ablation.asItIs, .leaveOneOut].map {
            Contestant(name: $0.title, agent: "builtin", under: $0.conditions(rememberedBefore: .now()))
        }
        let fixtures = Tournament.fixtures(rows, 3, 1...1, controls: [1])
        #expect(fixtures.count == 5)
        #expect(!fixtures.contains { $0.contestant == rows[1] && $0.scenario == 1 })
    }
}
