import OpsCommand
import OpsModel
import Testing

@testable import ControlPlane

@Suite struct AblationTests {
    @Test func everyRowButTheFirstChangesSomethingAndNoTwoAreTheSame() {
        let moment = Timestamp(secondsSinceEpoch: 1)
        let handicaps = Ablation.allCases.map {
            $0.conditions(rememberedBefore: moment).handicap(seed: 3, knownTo: ["one"])
        }
        #expect(handicaps[0].isNone)
        #expect(handicaps.dropFirst().allSatisfy { !$0.isNone })
        #expect(Set(handicaps).count == handicaps.count)
        #expect(Set(Ablation.allCases.map(\.title)).count == handicaps.count)
        #expect(Set(handicaps.map(\.words)).count == handicaps.count, "each can be told from its report")
    }

    @Test func rowsAreChosenByName() throws {
        #expect(try AblateCommand.rows(nil) == Ablation.allCases)
        #expect(try AblateCommand.rows("renamed, late") == [.renamed, .lateTelemetry])
        for list in ["", "late,late", "late,weather"] {
            #expect(throws: CommandError.self) { try AblateCommand.rows(list) }
        }
    }
}
