import OpsCommand
import OpsModel
import OpsScenario
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// What `compare` says before it needs a lab.
@Suite struct CompareCommandTests {
    private func begun(_ bench: CommandLineBench) throws -> String {
        let folder = ComparisonFolder(directory: bench.state.file("out"))
        let plan = ComparisonPlan(
            agents: ["spray"],
            scenarios: [try Scenario.load("scenarios/quiet.yaml")],
            seeds: 3...3,
            isWholeSuite: false
        )
        try folder.begin(plan).release()
        return folder.directory
    }

    @Test func whatWasNotBegunCannotGoOn() async throws {
        let bench = try CommandLineBench()
        let none = try await bench.opslab(["compare", "--resume", bench.state.file("none")])
        #expect(none.status == .exited(ExitCode.usage) && none.errorText.contains("no comparison in"))
        let both = try await bench.opslab(["compare", "--resume", "a", "--out", "b"])
        #expect(both.status == .exited(ExitCode.usage))
        let nobody = try await bench.opslab(["compare", "--agents", "spray", "--must-pass", "builtin"])
        #expect(nobody.status == .exited(ExitCode.usage))
        #expect(try await bench.opslab(["compare", "--labs", "0"]).status == .exited(ExitCode.usage))
    }

    @Test func anotherComparisonDoesNotGoOnInItsFolder() async throws {
        let bench = try CommandLineBench()
        let folder = try begun(bench)
        for word in ["--out", "--resume"] {
            let other = try await bench.opslab(["compare", "db-lock", "--agents", "builtin", word, folder])
            #expect(other.status == .exited(ExitCode.refused))
            for part in ["begun with the agents spray, not builtin", "begun without db-lock", "quiet is no part"] {
                #expect(other.errorText.contains(part), "\(other.errorText)")
            }
        }
    }

    @Test func theSameOneGoesOnAndNeedsALabForIt() async throws {
        let bench = try CommandLineBench()
        let folder = try begun(bench)
        let same = try await bench.opslab(["compare", "--resume", folder])
        #expect(same.status == .exited(ExitCode.unreachable), "\(same.errorText)")
    }

    @Test func whatIsWholeNeedsNoLab() async throws {
        let bench = try CommandLineBench()
        let folder = try begun(bench)
        let report = RunReport(
            run: "run-1",
            scenario: "quiet",
            seed: 3,
            agent: "spray",
            isolation: "I2",
            verdict: "passed-untouched",
            passed: true,
            startedAt: Timestamp(secondsSinceEpoch: 10)
        )
        _ = try RunReportFile(directory: "\(folder)/runs").write(report, told: [])
        let whole = try await bench.opslab(["compare", "--resume", folder, "--must-pass", "spray"])
        #expect(whole.status == .exited(ExitCode.ok), "\(whole.errorText)")
        #expect(whole.text.contains("quiet") && FileSystem.exists("\(folder)/comparison.html"))
    }
}
