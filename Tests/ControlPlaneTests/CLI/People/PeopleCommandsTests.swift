import OpsCommand
import Testing

@testable import ControlPlane

/// What the verbs of people accept before they ask the gate.
@Suite struct PeopleCommandsTests {
    static let table = CommandTable(program: "opslab", about: "", commands: Commands.all)

    @Test(
        "A verb that ends or stops something wants a reason",
        arguments: [["incident", "close", "inc-1"], ["revoke", "apr-1"], ["agents", "stop"], ["agents", "resume"]]
    )
    func wantsAReason(_ words: [String]) async {
        #expect(await Self.table.main(words) == ExitCode.usage)
        #expect(await Self.table.main(words + ["--reason", "  "]) == ExitCode.usage)
    }

    @Test(
        "A lab that does not exist does not answer",
        arguments: [["incident", "close", "x"], ["revoke", "x"], ["agents", "stop"]]
    )
    func needsALab(_ words: [String]) async {
        let code = await Self.table.main(words + ["--reason", "drill", "--instance", "nobody-made-this"])
        #expect(code == ExitCode.unreachable)
    }

    @Test("Each has its own help", arguments: ["incident close", "revoke", "agents stop", "agents resume"])
    func helps(_ verb: String) async {
        #expect(await Self.table.main(verb.split(separator: " ").map(String.init) + ["--help"]) == ExitCode.ok)
        #expect(Commands.all.contains { $0.name == verb && $0.options.contains { $0.name == "json" } })
    }
}
