import OpsCommand
import OpsModel
import OpsSpec
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

@Suite struct InitCommandTests {
    private static let compose = """
        name: shop
        services:
          web: {image: nginx, ports: ["80:80"], depends_on: [db], healthcheck: {test: "curl http://localhost/"}}
          db: {image: postgres, environment: {POSTGRES_PASSWORD: hunter2}, profiles: [all]}
          cache: {image: redis}
        """

    /// A directory with a Compose file in it.
    private func prepare(
        _ text: String = InitCommandTests.compose
    ) throws -> (bench: CommandLineBench, source: String, out: String) {
        let bench = try CommandLineBench()
        let source = bench.state.file("compose.yaml")
        try FileSystem.writeAtomically(text, to: source, mode: 0o600)
        return (bench, source, bench.state.file("topology.yaml"))
    }

    @Test func writesWhatLintMissesNoMoreOfThanItSays() async throws {
        let (bench, source, out) = try prepare()
        let output = try await bench.opslab(["init", "--from", source, "--out", out])
        #expect(output.status == .exited(ExitCode.ok), "\(output.errorText)")
        let draft = TopologyDraft(try ComposeFile.load(source))
        #expect(try FileSystem.text(out) == draft.text)
        #expect(output.text.contains("web        http      port 80, and a health check that asks for / over HTTP"))
        #expect(output.text.contains("compose.yaml:4:"), "the remark on profiles")
        for gap in draft.gaps { #expect(output.text.contains(gap.words), "\(gap.place)") }
        #expect(output.text.hasSuffix("Next: ./opslab topology lint \(out)"))
        #expect(!output.text.contains("hunter2"))
        let lint = try await bench.opslab(["topology", "lint", out])
        #expect(lint.status == .exited(ExitCode.failed))
        #expect(lint.errorText.contains("the topology needs 'journeys'"))
        #expect(lint.errorText.split(separator: "\n").filter { $0.contains("topology.yaml:") }.count == 1)
    }

    @Test func replacesNothingUnlessForced() async throws {
        let (bench, source, out) = try prepare()
        try FileSystem.writeAtomically("mine\n", to: out, mode: 0o600)
        let refused = try await bench.opslab(["init", "--from", source, "--out", out])
        #expect(refused.status == .exited(ExitCode.refused) && refused.stdout.isEmpty)
        #expect(try FileSystem.text(out) == "mine\n")
        let forced = try await bench.opslab(["init", "--from", source, "--out", out, "--force"])
        #expect(forced.status == .exited(ExitCode.ok), "\(forced.errorText)")
        #expect(try FileSystem.text(out).hasPrefix("# A first draft"))
        let itself = try await bench.opslab(["init", "--from", source, "--out", source, "--force"])
        #expect(itself.status == .exited(ExitCode.usage))
        #expect(try FileSystem.text(source) == Self.compose)
    }

    @Test func printsTheFileAloneOnStandardOutput() async throws {
        let (bench, source, _) = try prepare()
        let output = try await bench.opslab(["init", "--from", source, "--out", "-"])
        let draft = TopologyDraft(try ComposeFile.load(source))
        #expect(output.status == .exited(ExitCode.ok) && output.stdout == Array(draft.text.utf8))
        #expect(output.errorText.contains("A person has to write"))
        #expect(try FileSystem.list(bench.state.path) == ["compose.yaml"])
    }

    @Test func writesToTheDirectoryItIsCalledInByDefault() async throws {
        let (bench, _, out) = try prepare()
        let program = FileSystem.parent(of: executablePath()) + "/ControlPlane"
        let output = try await run(
            program,
            ["init", "--from", "compose.yaml"],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: bench.state.path,
            within: .seconds(60)
        )
        #expect(output.status == .exited(ExitCode.ok), "\(output.errorText)")
        #expect(FileSystem.exists(out) && output.text.hasSuffix("./opslab topology lint topology.yaml"))
    }

    @Test func answersScripts() async throws {
        let (bench, source, out) = try prepare()
        let written = try await bench.opslab(["init", "--from", source, "--out", out, "--json"])
        let report = try OpsJSON.decode(JSONValue.self, from: written.stdout)
        #expect(report["file"] == .string(out) && report["topology"] == nil)
        #expect(report["components"]?[1]?["kind"] == "postgres")
        #expect(report["to_write"]?[0]?["place"] == "journeys" && report["to_write"]?[0]?["is_required"] == true)
        #expect(report["remarks"]?[0]?["line"] == 4)
        let printed = try await bench.opslab(["init", "--from", source, "--out", "-", "--json"])
        let other = try OpsJSON.decode(JSONValue.self, from: printed.stdout)
        #expect(other["topology"] == .string(try FileSystem.text(out)) && other["file"] == nil)
    }

    @Test(arguments: ["services: [", "", "services: {}", "services: {Web: {image: x}}", "a: 1\n---\nb: 2\n"])
    func whatCannotBeUsedWritesNothing(_ text: String) async throws {
        try await expectRefusal(of: Array(text.utf8))
    }

    @Test func neitherNoiseNorTenMebibytesWriteAnything() async throws {
        try await expectRefusal(of: (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 37) })
        try await expectRefusal(of: [UInt8](repeating: UInt8(ascii: "#"), count: 10 << 20))
    }

    private func expectRefusal(of bytes: [UInt8]) async throws {
        let (bench, source, out) = try prepare()
        try FileSystem.writeAtomically(bytes, to: source)
        let output = try await bench.opslab(["init", "--from", source, "--out", out])
        #expect(output.status == .exited(ExitCode.configuration), "\(output.errorText)")
        #expect(output.stdout.isEmpty && output.errorText.hasPrefix("opslab: "), "\(output.errorText)")
        #expect(!FileSystem.exists(out))
    }

    @Test func badWordsAndMissingFiles() async throws {
        let bench = try CommandLineBench()
        #expect(try await bench.opslab(["init"]).status == .exited(ExitCode.usage))
        for path in ["/nonexistent/compose.yaml", bench.state.path] {
            let output = try await bench.opslab(["init", "--from", path, "--out", "-"])
            #expect(output.status == .exited(ExitCode.configuration), "\(output.errorText)")
        }
    }
}
