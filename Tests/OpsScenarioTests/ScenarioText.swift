import OpsScenario
import OpsSpec
import OpsYAML
import Testing

/// A small scenario without a fault in its text, parts of which a test replaces.
struct ScenarioText {
    /// A line of its own when it is given, so that the others keep their numbers.
    var difficulty: String?
    var lasting: String?
    var draw = "onset: 3s..8s, mode: [row, table], n: 1..2"
    var at = "$onset"
    var fault = "fault: db-lock, target: database, with: {mode: $mode}"
    var decoy = "none"
    var expect = "end: repaired, cause: {component: database, mechanism: lock-contention}"
    var repair = "[{action: terminate-sessions, which: blocker}]"
    var needless = "[restart-service]"
    var proof = "{do: [{terminate-sessions: blocker}], verdict: passed}"

    var yaml: String {
        """
        scenario: 1
        id: small
        about: x
        family: f\(difficulty.map { "\ndifficulty: \($0)" } ?? "")
        needs: {database: postgres, cache: directory, caller: http}
        draw: {\(draw)}
        inject: [{at: \(at), lease: 180s, \(lasting.map { "for: \($0), " } ?? "")\(fault)}]
        decoys: [{at: 5s, kind: \(decoy)}]
        expect: {\(expect), repairs: [\(repair)], needless: \(needless)}
        judge: {budget: 90s, window: 15s}
        proof:
          - {do: [], verdict: not-mitigated}
          - \(proof)
        """
    }

    /// What is wrong with it, each with its line and hint.
    var problems: [Problem] {
        do {
            _ = try Scenario.parse(yaml)
            return []
        } catch { return error.problems }
    }

    /// The problems of a scenario with one change.
    static func problems(_ change: (inout ScenarioText) -> Void) -> [Problem] {
        var text = ScenarioText()
        change(&text)
        return text.problems
    }
}

/// Expects one problem with a changed scenario: this message, at this line, with a hint that says this.
func expectProblem(
    _ message: String,
    line: Int,
    hint: String,
    _ location: SourceLocation = #_sourceLocation,
    _ change: (inout ScenarioText) -> Void
) {
    let problems = ScenarioText.problems(change)
    #expect(problems.count == 1, "\(problems)", sourceLocation: location)
    #expect(problems.first?.message == message, sourceLocation: location)
    #expect(problems.first?.line == line, sourceLocation: location)
    #expect(problems.first?.hint?.contains(hint) == true, "\(problems)", sourceLocation: location)
}
