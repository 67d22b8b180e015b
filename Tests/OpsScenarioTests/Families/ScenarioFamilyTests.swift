import OpsScenario
import OpsSystem
import Testing

@Suite struct ScenarioFamilyTests {
    private func shipped(_ ids: [String]) throws -> [Scenario] {
        try ids.map { try Scenario.load("scenarios/\($0).yaml") }
    }

    private func problems(_ ids: [String]) throws -> [String] {
        ScenarioFamily.families(of: try shipped(ids)).flatMap(\.problems)
    }

    @Test func theShippedFamiliesDoTheirWork() throws {
        let files = try FileSystem.list("scenarios").filter { $0.hasSuffix(".yaml") }
        #expect(files.count >= 16)
        let all = try files.map { try Scenario.load("scenarios/\($0)") }
        #expect(ScenarioFamily.families(of: all).flatMap(\.problems) == [])
        #expect(Set(all.compactMap(\.difficulty)) == Set(Difficulty.allCases))
        #expect(all.allSatisfy { $0.difficulty != nil })
    }

    @Test func aFamilyOfOneIsNone() throws {
        #expect(
            try problems(["db-lock"]) == [
                "the family checkout-burns has 1 different mechanism (lock-contention), and needs 3",
                "the family checkout-burns has 1 different repair (terminate-sessions), and needs 2",
                "the family checkout-burns has no member in which nothing may be done: one with the end 'untouched' or 'escalated'",
            ]
        )
    }

    @Test func membersOpenWithTheSamePage() throws {
        var members = try shipped(["db-lock", "db-credential", "upstream-down", "quiet"])
        #expect(ScenarioFamily(name: "f", members: members).problems == [])
        members[1].expect.page = "browse"
        #expect(
            ScenarioFamily(name: "f", members: members).problems == [
                "the family f opens with different pages: browse, checkout"
            ]
        )
        let quiet = ScenarioFamily(name: "f", members: [members[3]]).problems
        #expect(quiet.first == "the family f has no member that pages")
    }
}
