import OpsScenario
import OpsSpec
import Testing

@testable import ChaosServer

/// The language of scenarios against the faults that there are.
@Suite struct FaultVocabularyTests {
    @Test func hasEveryFaultWithItsTargetsAndParameters() throws {
        #expect(FaultVocabulary.names == FaultCatalog.descriptions.map(\.kind.rawValue).sorted())
        for fault in FaultCatalog.descriptions {
            let entry = try #require(FaultVocabulary.faults[fault.kind.rawValue])
            #expect(Set(entry.targets.map(\.rawValue)) == Set(fault.targets), "\(fault.kind.rawValue)")
            #expect(entry.parameters == Set(fault.parameters.map(\.name)), "\(fault.kind.rawValue)")
        }
    }
}
