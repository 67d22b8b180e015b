import OpsCommand
import OpsModel
import OpsScenario
import OpsSpec
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

@Suite struct ScenarioLintTests {
    private func write(_ names: [String], to directory: String) throws {
        try FileSystem.makeDirectory(directory, mode: 0o700)
        for (index, name) in names.enumerated() {
            let text = try FileSystem.text("scenarios/\(name).yaml")
            try FileSystem.writeAtomically(Array(text.utf8), to: "\(directory)/file-\(index).yaml", mode: 0o600)
        }
    }

    @Test func aSetIsWhatItsFilesSay() async throws {
        let bench = try CommandLineBench()
        let (one, same, other) = ("\(bench.state.path)/a", "\(bench.state.path)/b", "\(bench.state.path)/c")
        try write(["quiet", "db-lock"], to: one)
        try write(["db-lock", "quiet"], to: same)
        try write(["db-lock"], to: other)
        func digest(_ directory: String) async throws -> String {
            let output = try await bench.opslab(["scenario", "lint", "--set-digest", directory, "--json"])
            #expect(output.status == .exited(ExitCode.ok), "\(output.errorText)")
            return try OpsJSON.decode([String: String].self, from: output.stdout)["digest"] ?? ""
        }
        let first = try await digest(one)
        #expect(first.count == 64)
        #expect(try await digest(same) == first)
        #expect(try await digest(other) != first)
    }

    @Test func aFolderHasFamiliesAndAFileHasNot() async throws {
        let bench = try CommandLineBench()
        let directory = "\(bench.state.path)/one"
        try write(["db-lock"], to: directory)
        let folder = try await bench.opslab(["scenario", "lint", "--from", directory])
        #expect(folder.status == .exited(ExitCode.failed))
        #expect(folder.errorText.contains("the family checkout-burns has 1 different mechanism"), "\(folder.errorText)")
        let file = try await bench.opslab(["scenario", "lint", "\(directory)/file-0.yaml"])
        #expect(file.status == .exited(ExitCode.ok), "\(file.errorText)")
        let shipped = try await bench.opslab(["scenario", "lint"])
        #expect(shipped.status == .exited(ExitCode.ok), "\(shipped.errorText)")
    }

    @Test func oneFileThatNobodyUnderstandsHidesNoOther() throws {
        let bench = try CommandLineBench()
        let directory = "\(bench.state.path)/mixed"
        try write(["quiet", "db-lock"], to: directory)
        try FileSystem.writeAtomically(Array("scenario: 9\n".utf8), to: "\(directory)/a.yaml", mode: 0o600)
        let library = ScenarioLibrary(directory: directory)
        #expect(try library.find("db-lock").id == "db-lock")
        #expect(throws: SpecProblems.self) { try library.find("of-the-first-file") }
    }

    @Test func twoFilesWithOneIDAreAProblemAndNoFileIsOneToo() async throws {
        let bench = try CommandLineBench()
        let (twice, empty) = ("\(bench.state.path)/twice", "\(bench.state.path)/empty")
        try write(["quiet", "quiet"], to: twice)
        try FileSystem.makeDirectory(empty, mode: 0o700)
        let double = try await bench.opslab(["scenario", "lint", "--from", twice])
        #expect(double.status == .exited(ExitCode.failed))
        #expect(double.errorText.contains("the id quiet is taken by"), "\(double.errorText)")
        for words in [["--from", empty], ["--set-digest", empty]] {
            let nothing = try await bench.opslab(["scenario", "lint"] + words)
            #expect(nothing.status == .exited(ExitCode.configuration))
            #expect(nothing.errorText.contains("has no scenario in it"), "\(nothing.errorText)")
        }
    }
}
