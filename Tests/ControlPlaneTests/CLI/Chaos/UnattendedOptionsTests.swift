import OpsCommand
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// What `schedule` and `monkey` read from a command line.
@Suite struct UnattendedOptionsTests {
    @Test(
        "Windows of the week",
        arguments: [
            ("09:00-17:00", [], "09:00", "17:00"),
            ("mon-fri,09:00-17:00", [.mon, .tue, .wed, .thu, .fri], "09:00", "17:00"),
            ("fri-mon,22:00-06:00", [.fri, .sat, .sun, .mon], "22:00", "06:00"),
            ("sat+sun,00:00-24:00", [.sat, .sun], "00:00", "24:00"),
            ("wed,10:00-11:00", [.wed], "10:00", "11:00"),
        ] as [(String, [Weekday], String, String)]
    )
    func windows(_ text: String, _ days: [Weekday], _ from: String, _ to: String) throws {
        let window = try WeeklyWindow(option: "hours", text)
        #expect(
            window == WeeklyWindow(days: days, from: try #require(ClockTime(from)), to: try #require(ClockTime(to)))
        )
    }

    @Test(
        "What is no window",
        arguments: [
            "", "mon-fri", "9:00-17:00", "monday,09:00-17:00", "mon,tue,09:00-17:00", "mon-,09:00-17:00", "09:00",
            "mon-tue-wed,09:00-10:00",
        ]
    )
    func noWindow(_ text: String) { #expect(throws: CommandError.self) { try WeeklyWindow(option: "hours", text) } }

    @Test(
        "A bad command line is told before anything is asked, and a good one finds no lab here",
        arguments: [
            (["schedule", "add", "one"], ExitCode.usage),
            (["schedule", "add", "one", "--cron", "* * * * *"], ExitCode.usage),
            (
                [
                    "schedule", "add", "one", "--cron", "* * * * *", "--fault", "db-lock", "--target", "db", "--late",
                    "soon",
                ], ExitCode.usage
            ),
            (
                [
                    "schedule", "add", "one", "--cron", "* * * * *", "--fault", "db-lock", "--target", "db",
                    "--blackout", "x",
                ], ExitCode.usage
            ),
            (
                ["schedule", "add", "one", "--cron", "* * * * *", "--fault", "db-lock", "--target", "db"],
                ExitCode.unreachable
            ),
            (["schedule", "list"], ExitCode.unreachable), (["schedule", "remove", "One"], ExitCode.usage),
            (["schedule", "remove", "../one"], ExitCode.usage), (["schedule", "remove", "one"], ExitCode.unreachable),
            (["monkey", "start", "--seed", "-1"], ExitCode.usage),
            (["monkey", "start", "--lease", "20"], ExitCode.usage),
            (["monkey", "start", "--gap", "1s..2s..3s"], ExitCode.usage),
            (["monkey", "start", "--at-once", "0"], ExitCode.usage),
            (["monkey", "start", "--hours", "always"], ExitCode.usage), (["monkey", "start"], ExitCode.unreachable),
            (["monkey", "start", "--replay", "aaaaaaaaaaaaaaaa"], ExitCode.unreachable),
            (["monkey", "status"], ExitCode.unreachable),
            (["monkey", "status", "--plan", "../x"], ExitCode.usage), (["monkey", "stop"], ExitCode.unreachable),
        ]
    )
    func commandLines(_ words: [String], _ code: Int32) async throws {
        let output = try await CommandLineBench().opslab(words + ["--json"])
        #expect(output.status == .exited(code), "\(words) \(output.errorText)")
        #expect(output.stdout.isEmpty)
    }
}
