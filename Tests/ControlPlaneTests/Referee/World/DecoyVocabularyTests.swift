import OpsScenario
import Testing

@testable import ControlPlane

@Suite struct DecoyVocabularyTests {
    @Test func theLanguageHasWhatARunCanSetUp() {
        #expect(Decoy.allCases.map(\.rawValue) == DecoyVocabulary.names)
        #expect(DecoyVocabulary.planned.allSatisfy { Decoy(rawValue: $0) == nil })
    }
}
