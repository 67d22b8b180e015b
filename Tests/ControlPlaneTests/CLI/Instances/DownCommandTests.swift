import OpsCommand
import OpsModel
import OpsRuntime
import OpsSystem
import Testing

@testable import ControlPlane

@Suite struct DownCommandTests {
    @Test("A lab that is not there is down, and did not run", arguments: [false, true])
    func nothingToStop(_ isPurging: Bool) async throws {
        let bench = try CommandLineBench()
        let words = ["down", "--instance", "nobody", "--json"] + (isPurging ? ["--purge"] : [])
        let output = try await bench.opslab(words)
        #expect(output.status == .exited(ExitCode.ok), "\(output.errorText)")
        let report = try #require(try OpsJSON.decode(JSONValue.self, from: output.stdout).objectValue)
        #expect(report["instance"] == "nobody" && report["was_running"] == false)
        #expect(report["purged"] == .bool(isPurging))
        #expect(try #require(report["took_s"]?.doubleValue) >= 0)
        #expect(report.count == 4)
    }

    @Test("What an earlier run left behind did run")
    func leftovers() async throws {
        let bench = try CommandLineBench()
        let layout = try bench.layout(of: "left")
        let program = layout.program("TargetServer")
        try FileSystem.makeDirectory(layout.programs, mode: 0o755)
        // Copied by a process of its own: a child that another test starts meanwhile holds what is open here until its exec,
        // and a program that somebody may still write to cannot be started.
        let copied = try await run("/bin/cp", ["/usr/bin/sleep", program], environment: [:], within: .seconds(10))
        #expect(copied.status.isSuccess, "\(copied.errorText)")
        let left = try Spawn(path: program, arguments: ["600"]).start()
        let output = try await bench.opslab(["down", "--instance", "left", "--json"])
        #expect(await left.wait(within: .seconds(10)) != nil)
        let report = try OpsJSON.decode(JSONValue.self, from: output.stdout)
        #expect(report["was_running"] == true && report["purged"] == false)
        #expect(output.errorText.contains("ended 1 process"), "\(output.errorText)")
    }
}
