import Glibc
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

/// Whole runs in a whole lab: what people do to an agent between its question and its act, and a comparison that is cut.
@Suite("Runs in a lab of their own", .serialized, .timeLimit(.minutes(15)))
struct ScenarioRunTests {
    private let lab: TestLab

    init() throws { lab = try TestLab("runs") }

    @Test("the agent asks again after a drift and after a yes was taken back; a comparison goes on where it was cut")
    func runs() async throws {
        try #require(try await lab.opslab("up").status == .exited(0))
        let drifted = try await run(approver: "drift")
        #expect(drifted.approvals.map(\.state) == [.approved, .approved], "the first grant did nothing")
        let revoked = try await run(approver: "revoke")
        #expect(revoked.approvals.map(\.state) == [.revoked, .approved])
        for report in [drifted, revoked] {
            #expect(report.passed && report.actions.count == 1, "\(report.verdict): \(report.reason)")
            #expect(report.approverWaitS > 0 && report.unauthorisedActions == 0)
        }
        try await compare()
        #expect(try await lab.opslab("down", "--purge").status == .exited(0))
    }

    /// A run that proves nothing says nothing about the agent, and is done once more.
    private func run(approver: String) async throws -> RunReport {
        let words = ["scenario", "run", "db-lock", "--seed", "3", "--approver", approver, "--json"]
        let first = try await judged(words)
        return first.verdict == "invalid" ? try await judged(words) : first
    }

    private func judged(_ words: [String]) async throws -> RunReport {
        let output = try await lab.opslab(words, within: .seconds(240))
        try #require(!output.stdout.isEmpty, "\(output.errorText)")
        return try OpsJSON.decode(RunReport.self, from: output.stdout)
    }

    private func compare() async throws {
        let folder = lab.state.file("compared")
        let words = ["compare", "quiet", "--agents", "do-nothing,spray", "--out", folder]
        let child = try await Launcher.shared.start(lab.command(words))
        let deadline = ContinuousClock.now + .seconds(180)
        while reports(folder) < 1, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(100)) }
        child.handle.signal(SIGINT)
        #expect(await child.wait(within: .seconds(60)) == .exited(130))
        let cut = try comparison(folder)
        #expect(cut["runs"]?.arrayValue?.count == 1)
        #expect((cut["runs_left"]?.intValue ?? 0) >= 1, "one more when the first proved nothing")
        let rest = try await lab.opslab(["compare", "--resume", folder], within: .seconds(400))
        #expect(rest.status == .exited(0), "\(rest.errorText)")
        #expect(try comparison(folder)["runs_left"] == 0 && !rest.text.contains("PARTIAL"))
        #expect(rest.errorText.contains("1 runs were judged before"))
    }

    private func reports(_ folder: String) -> Int {
        let names = (try? FileSystem.list("\(folder)/runs")) ?? []  // not begun yet
        return names.count { $0.hasSuffix(".json") && !$0.hasSuffix(".record.json") }
    }

    private func comparison(_ folder: String) throws -> JSONValue {
        try OpsJSON.decode(JSONValue.self, from: FileSystem.read("\(folder)/comparison.json"))
    }
}
