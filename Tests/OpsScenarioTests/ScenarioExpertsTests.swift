import OpsScenario
import OpsSpec
import Testing

@Suite struct ScenarioExpertsTests {
    private func experts(_ id: String) throws -> [String] {
        let runbooks = try RunbookFolder.load("runbooks").runbooks
        return try Scenario.load("scenarios/\(id).yaml").experts(among: runbooks)
    }

    @Test func theRunbooksOfACauseAreFoundByItsMechanism() throws {
        #expect(try experts("db-lock") == ["postgres-requests-wait"])
        #expect(try experts("upstream-down") == ["provider-does-not-answer"])
    }

    @Test func whatIsAlsoRightCountsToo() throws {
        let both = try experts("cache-and-lock")
        #expect(both.contains("postgres-requests-wait"))
        #expect(both.contains("store-answers-damaged"))
    }

    @Test func nobodyIsAnExpertForNothing() throws { #expect(try experts("quiet").isEmpty) }
}
