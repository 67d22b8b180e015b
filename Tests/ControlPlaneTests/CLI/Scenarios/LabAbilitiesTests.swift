import OpsScenario
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// Which scenarios can be played in which labs.
@Suite struct LabAbilitiesTests {
    private func allowed(_ abilities: LabAbilities) throws -> Set<String> {
        Set(try ScenarioLibrary(directory: "scenarios").all(in: abilities).map(\.id))
    }

    @Test func whatNeedsAProxyIsLeftOutOnlyWhereThereIsNone() throws {
        let all = try allowed(LabAbilities())
        let plain = try allowed(LabAbilities(hasProxy: false))
        #expect(all.subtracting(plain) == ["one-way-slow", "payments-delayed"])
        #expect(plain.contains("payments-lossy"))
    }

    @Test func aProxyIsEnoughForWhatNeedsIt() throws {
        let proxied = try allowed(LabAbilities(mayChangeNetwork: false))
        #expect(proxied.contains("payments-delayed") && !proxied.contains("payments-lossy"))
        let least = try allowed(LabAbilities(mayChangeNetwork: false, hasProxy: false))
        #expect(least.isDisjoint(with: ["payments-delayed", "payments-lossy"]) && least.contains("db-lock"))
    }

    @Test func theListSaysWhichNeedsAProxy() async throws {
        let list = try await CommandLineBench().opslab(["scenario", "list", "--json"])
        let rows = list.text.split(separator: "{").filter { $0.contains("\"needs_proxy\":true") }
        #expect(rows.count == 2, "\(list.errorText)")
        for id in ["one-way-slow", "payments-delayed"] {
            #expect(rows.contains { $0.contains("\"id\":\"\(id)\"") }, "\(id)")
        }
    }
}
