import OpsModel
import OpsScenario
import OpsSpec
import OpsSystem
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
            #expect(entry.needsProxy == fault.needs.contains(.proxy), "\(fault.kind.rawValue)")
        }
    }

    @Test func thePageAboutFaultsHasEachOfThem() throws {
        let rows = try FileSystem.text("docs/faults.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == FaultCatalog.descriptions.count)
        for fault in FaultCatalog.descriptions {
            let targets = fault.targets.joined(separator: ", ")
            let row = "| `\(fault.kind.rawValue)` | `\(fault.path)` | \(fault.persistence.rawValue) | \(targets)"
            let found = try #require(rows.first { $0.hasPrefix(row) }, "docs/faults.md has no row that begins: \(row)")
            for parameter in fault.parameters { #expect(found.contains("`\(parameter.name)`"), "\(row)") }
        }
    }

    /// The page's second list is what the catalogue says of itself.
    @Test func thePageSaysHowEachIsDoneAndSeen() throws {
        let lines = try FileSystem.text("docs/faults.md").split(separator: "\n").filter { $0.hasPrefix("- `") }
        #expect(lines.map(String.init) == FaultCatalog.descriptions.map(\.line))
    }

    @Test func eachFaultSaysWhatTellsItApart() {
        for fault in FaultCatalog.descriptions {
            #expect(!fault.mechanism.isEmpty && !fault.signs.isEmpty, "\(fault.kind.rawValue)")
            for sign in fault.signs {
                #expect(ReadVocabulary.read(sign) != nil, "\(fault.kind.rawValue): there is no read \(sign)")
            }
            #expect((5...60).contains(fault.baselineWithinS), "\(fault.kind.rawValue)")
        }
        let told = Dictionary(grouping: FaultCatalog.descriptions) { $0.signs + [$0.mechanism] }
        #expect(told.allSatisfy { $0.value.count == 1 }, "two faults are done and seen in the same way")
    }
}
