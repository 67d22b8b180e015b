import OpsModel
import OpsScenario
import OpsSpec
import OpsYAML
import Testing

@Suite struct ScenarioReaderTests {
    static let shipped = [
        "api-crash", "benign-deploy", "cache-corrupt", "db-credential", "db-lock", "quiet", "traffic-spike",
        "upstream-down",
    ]

    @Test(arguments: shipped) func readsWhatIsShipped(id: String) throws {
        let scenario = try Scenario.load("scenarios/\(id).yaml")
        #expect(scenario.id == id)
        #expect(!scenario.proof.isEmpty)
    }

    @Test func bindsRolesByWhatDependsOnWhat() throws {
        let topology = try Topology.load("compose/topology.yaml")
        let lock = try Scenario.load("scenarios/db-lock.yaml")
        let bound = try #require(RoleBinding(lock.roles, on: topology))
        #expect(bound.components == ["database": "db", "culprit": "report", "caller": "api"])
        let cache = try Scenario.load("scenarios/cache-corrupt.yaml")
        #expect(try #require(RoleBinding(cache.roles, on: topology)).component("cache") == "cache")
    }

    @Test func findsEveryProblemAtOnce() throws {
        let text = """
            scenario: 1
            id: Bad Name
            about: x
            family: f
            needs: {database: oracle}
            inject:
              - {at: $nowhere, fault: f, target: someone, lease: 5s}
            expect: {end: repaired, cause: {component: someone, mechanism: gremlins}}
            judge: {budget: 90s, window: 15s}
            approvers: [maybe]
            colour: red
            """
        let problems = try #require(throws: SpecProblems.self) { try Scenario.parse(text) }.problems
        let told = problems.map(\.message).joined(separator: "\n")
        for word in [
            "'id'", "kind of component", "gremlins", "drawn nowhere", "no role", "lease", "proof", "approver", "colour",
        ] {
            #expect(told.contains(word), "nothing said about \(word) in:\n\(told)")
        }
        #expect(problems.allSatisfy { $0.line > 0 })
    }

    @Test func onlyABatchJobRunsAgain() {
        let text = """
            scenario: 1
            id: again
            about: x
            family: f
            needs: {caller: http}
            expect: {end: untouched}
            judge: {budget: 25s, window: 15s, replay: {run: caller}}
            proof: [{do: [], verdict: passed-untouched}]
            """
        let problems = #expect(throws: SpecProblems.self) { try Scenario.parse(text) }?.problems ?? []
        #expect(problems.map(\.message) == ["what runs again has to be a batch job, and 'caller' is of kind http"])
    }
}
