import Testing

@testable import OpsModel

@Suite struct FaultAliasesTests {
    private let names = ["db-lock", "api-crash", "cache-corrupt", "upstream-down"]

    @Test func seedZeroExchangesNothing() {
        let aliases = FaultAliases(names, seed: 0)
        for name in names { #expect(aliases.alias(of: name) == name) }
    }

    @Test(arguments: [1, 2, 3, 7, -1, Int.min, Int.max]) func exchangesAllOfThemAndBack(seed: Int) {
        let aliases = FaultAliases(names, seed: seed)
        #expect(Set(names.map(aliases.alias)) == Set(names))
        for name in names { #expect(aliases.fault(called: aliases.alias(of: name)) == name) }
        if seed % names.count != 0 { for name in names { #expect(aliases.alias(of: name) != name) } }
    }

    @Test func takesTheNextInTheAlphabet() {
        #expect(FaultAliases(names, seed: 1).alias(of: "db-lock") == "upstream-down")
        #expect(FaultAliases(names, seed: 1).alias(of: "upstream-down") == "api-crash")
    }

    @Test func leavesWhatItDoesNotKnow() {
        #expect(FaultAliases(names, seed: 1).alias(of: "moonlight") == "moonlight")
        #expect(FaultAliases([], seed: 1).alias(of: "moonlight") == "moonlight")
    }
}
