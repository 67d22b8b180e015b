import OpsModel
import OpsScenario
import OpsSpec
import OpsYAML
import Testing

@Suite struct DrawReferencesTests {
    func drawn(_ draw: String) throws -> [DrawRule] {
        var text = ScenarioText()
        text.draw = "onset: 3s..8s, mode: [row, table], \(draw)"
        return try Scenario.parse(text.yaml).draws
    }

    @Test func nothingIsWrongWithTheSmallScenario() { #expect(ScenarioText().problems.isEmpty) }

    @Test func aListOfTimesIsInSeconds() throws {
        var text = ScenarioText()
        text.draw = "onset: [5s, 1500ms], mode: [row, table]"
        let scenario = try Scenario.parse(text.yaml)
        #expect(scenario.draws.first?.choice == .oneOf([.double(5), .double(1.5)]))
        let draw = Draw(values: ["onset": .double(5)])
        #expect(draw.seconds(of: scenario.injections[0].at) == 5)
    }

    @Test func aListOfRatesIsInRequestsPerSecond() throws {
        #expect(try drawn("load: [100/s, 160/s]").last?.choice == .oneOf([100, 160]))
    }

    @Test func otherListsKeepWhatTheySay() throws {
        #expect(try drawn("share: [0.6, 1]").last?.choice == .oneOf([.double(0.6), 1]))
        #expect(try drawn("word: [5s, row]").last?.choice == .oneOf(["5s", "row"]))
        #expect(try drawn("size: [64MiB]").last?.choice == .oneOf(["64MiB"]))
    }

    @Test(arguments: ["$mode", "$mode + 3s", "$n", "$load"]) func refusesWhatIsNoTime(at: String) throws {
        let problems = ScenarioText.problems {
            $0.draw += ", load: [110/s]"
            $0.at = at
        }
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        #expect(problem.message.contains("'at' needs a time"))
        #expect(problem.line == 7)
        #expect(problem.hint?.contains("[5s, 12s]") == true)
    }

    @Test(arguments: ["[5s, 8s]", "[100, 160]", "1..3", "[low, high]", "[100/s, 2s]"])
    func refusesALoadThatIsNoRate(load: String) throws {
        let problems = ScenarioText.problems { $0.draw += ", load: \(load)" }
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        #expect(problem.message.contains("no rate"))
        #expect(problem.line == 6)
        #expect(problem.hint?.contains("100/s..160/s") == true)
    }

    @Test(arguments: ["10ms..40ms", "0.2/s..0.8/s", "1s..99999999999999999999s"])
    func refusesARangeWithNothingInIt(range: String) {
        expectProblem("draw wait has nothing to choose from", line: 6, hint: "tenths of a second") {
            $0.draw += ", wait: \(range)"
        }
    }

    @Test func findsEveryNameThatIsDrawnNowhere() {
        let problems = ScenarioText.problems {
            $0.at = "$onst"
            $0.fault = "fault: db-lock, target: database, instance: $a, with: {mode: $b}"
            $0.decoy = "$c"
            $0.repair = "[{action: terminate-sessions, component: database, which: $d}]"
            $0.proof = "{do: [{terminate-sessions: $e}], verdict: passed}"
        }
        #expect(
            problems.map(\.message).sorted()
                == ["$a", "$b", "$c", "$d", "$e", "$onst"].map { "'\($0)' is drawn nowhere" }
        )
        #expect(Set(problems.map(\.line)) == [7, 8, 9, 13])
        #expect(problems.first?.hint == "did you mean '$onset'?")
    }

    @Test(arguments: ["0", "-1", "1.5", "true", "$zero", "$onset"]) func refusesWhatIsNoInstance(instance: String) {
        let problems = ScenarioText.problems {
            $0.draw += ", zero: 0..2"
            $0.fault = "fault: api-crash, target: caller, instance: \(instance)"
        }
        #expect(problems.count == 1)
        #expect(problems.allSatisfy { $0.message.contains("number from 1 on") && $0.line == 7 && $0.hint != nil })
    }
}
