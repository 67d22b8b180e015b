import OpsCommand
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

/// What scripts may count on from every verb.
@Suite struct CommandsTests {
    @Test("Every verb answers a script; `logs` prints lines as they were logged")
    func answersScripts() {
        let silent = Commands.all.filter { command in !command.options.contains { $0.name == "json" } }
        #expect(silent.map { $0.name } == ["logs"])
    }

    @Test(
        "Under --json a refusal is what it is without: words on stderr, nothing on stdout, the same exit code",
        arguments: [
            (["resume", "--reason", "drill"], ExitCode.unreachable), (["keys", "revoke", "ann"], ExitCode.unreachable),
            (["migrate", "up"], ExitCode.unreachable), (["migrate", "down", "--to", "0"], ExitCode.refused),
            (["migrate", "down", "--to", "0", "--yes"], ExitCode.unreachable),
            (["up", "--without", "nobody"], ExitCode.usage),
            (["up", "--topology", "/dev/null"], ExitCode.configuration),
            (["compare", "--agents", "builtin,nobody"], ExitCode.usage),
            (["compare", "--agents", "spray,spray"], ExitCode.usage), (["compare", "--agents", ","], ExitCode.usage),
            (["compare", "--seeds", "5..1"], ExitCode.usage), (["compare", "--seeds", "1..2..3"], ExitCode.usage),
            (["compare", "--seeds", "0..18446744073709551615"], ExitCode.usage),
            (["regrade", "run-none"], ExitCode.usage), (["regrade", "none.record.json"], ExitCode.configuration),
            (["regrade", "/dev/null/none.record.json"], ExitCode.configuration), (["regrade"], ExitCode.usage),
            (["compare", "no-such-scenario"], ExitCode.usage), (["compare"], ExitCode.unreachable),
            (["audit", "list", "--from", "soon"], ExitCode.usage),
            (["audit", "list", "--limit", "501"], ExitCode.usage),
            (["audit", "list", "--after", "1", "--before", "9"], ExitCode.usage),
            (["audit", "list"], ExitCode.unreachable),
            (["down", "--instance", "NO"], ExitCode.usage), (["demo", "--seed", "seven"], ExitCode.usage),
        ]
    )
    func refusesInWords(_ words: [String], _ code: Int32) async throws {
        let bench = try CommandLineBench()
        let plain = try await bench.opslab(words)
        let json = try await bench.opslab(words + ["--json"])
        #expect(json.status == .exited(code), "\(json.errorText)")
        #expect(json.stdout.isEmpty && json.errorText.hasPrefix("opslab: "), "\(json.errorText)")
        #expect(plain.status == json.status && plain.errorText == json.errorText)
    }

    @Test("The demo reads its documents before anything is made, and prints no report when it cannot")
    func demoWithoutDocuments() async throws {
        let bench = try CommandLineBench()
        let output = try await bench.opslab(["demo", "--json"], ["OPSLAB_HOME": bench.state.path])
        #expect(output.status != .exited(ExitCode.ok) && output.stdout.isEmpty)
        #expect(output.errorText.contains("compose/topology.yaml"), "\(output.errorText)")
        #expect(try FileSystem.list(bench.state.path).isEmpty)
    }
}
