import OpsModel
import OpsSystem
import Testing

@testable import OpsScenario

@Suite struct ScenarioSchemaTests {
    @Test("docs/scenario.schema.json is what `opslab scenario schema` prints")
    func theFileIsTheSchema() throws {
        let written = try OpsJSON.decode(JSONValue.self, from: FileSystem.read("docs/scenario.schema.json"))
        let isSame = written == ScenarioSchema.json  // two whole schemas would fill the screen
        #expect(isSame, "run: ./opslab scenario schema >docs/scenario.schema.json")
    }

    /// The reader refuses keys that it does not know; a key that it knows and the schema does not would be underlined.
    @Test("A file with every key of the schema is one that the reader takes")
    func theReaderKnowsEveryKey() throws {
        let scenario = try Scenario.parse(
            """
            scenario: 1
            id: all-keys
            about: x
            family: f
            difficulty: plain
            needs: {database: postgres, job: batch, provider: provider}
            steady: {hold: 10s}
            given: {flags: [some-flag]}
            draw: {onset: 3s..8s}
            inject: [{at: $onset, fault: db-lock, target: database, instance: 1, with: {mode: row}, lease: 180s}, \
            {at: $onset, fault: upstream-down, target: provider, for: 5s, lease: 180s}]
            decoys: [{at: $onset, kind: none}]
            withhold: {runbooks: [some-page], reads: [log]}
            expect:
              page: {journey: checkout}
              cause: {component: database, mechanism: lock-contention}
              also_right: []
              end: repaired
              repairs: [[{action: terminate-sessions, which: blocker}]]
              needless: []
            judge:
              budget: 90s
              window: 15s
              replay: {run: job, times: 1}
              envelope: {sessions_ended: 1, downtime: 0s, orders_lost: 0, charged_twice: 0}
            proof:
              - {do: [], verdict: not-mitigated}
              - {do: [{terminate-sessions: blocker}], say: {component: database, mechanism: lock-contention}, verdict: passed}
            approvers: [approve]
            """
        )
        #expect(scenario.id == "all-keys" && scenario.given == ["some-flag"])
        let text = scenario.source
        for key in try #require(Self.keys(ScenarioSchema.json)) { #expect(text.contains("\(key):"), "\(key)") }
    }

    /// Every property name that the schema lists anywhere.
    private static func keys(_ schema: JSONValue) -> Set<String>? {
        var names: Set<String> = []
        func walk(_ value: JSONValue) {
            for (name, part) in value["properties"]?.objectValue ?? [:] {
                names.insert(name)
                walk(part)
            }
            for member in ["items", "additionalProperties"] { value[member].map(walk) }
            for part in value["anyOf"]?.arrayValue ?? [] { walk(part) }
        }
        walk(schema)
        return names.isEmpty ? nil : names
    }
}
