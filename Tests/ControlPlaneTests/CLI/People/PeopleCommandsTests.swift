import OpsCommand
import Testing

@testable import ControlPlane

/// What the verbs of people accept before they ask the gate.
@Suite struct PeopleCommandsTests {
    static let table = CommandTable(program: "opslab", about: "", commands: Commands.all)

    @Test(
        "A verb that ends or stops something wants a reason",
        arguments: [
            ["incident", "close", "inc-1"], ["revoke", "apr-1"], ["agents", "stop"], ["agents", "resume"],
            ["agents", "pause", "one"], ["agents", "resume", "one"],
        ]
    )
    func wantsAReason(_ words: [String]) async {
        #expect(await Self.table.main(words) == ExitCode.usage)
        #expect(await Self.table.main(words + ["--reason", "  "]) == ExitCode.usage)
    }

    @Test(
        "A lab that does not exist does not answer",
        arguments: [
            ["incident", "close", "x"], ["revoke", "x"], ["agents", "stop"], ["agents", "pause", "one"],
            ["agents", "resume", "one"],
        ]
    )
    func needsALab(_ words: [String]) async {
        let code = await Self.table.main(words + ["--reason", "drill", "--instance", "nobody-made-this"])
        #expect(code == ExitCode.unreachable)
    }

    @Test("One agent is paused by its name, and by one name") func wantsAName() async {
        #expect(await Self.table.main(["agents", "pause", "--reason", "drill"]) == ExitCode.usage)
        #expect(await Self.table.main(["agents", "pause", "one", "two", "--reason", "drill"]) == ExitCode.usage)
    }

    @Test(
        "Each has its own help",
        arguments: ["incident close", "revoke", "agents stop", "agents pause", "agents resume"]
    )
    func helps(_ verb: String) async {
        #expect(await Self.table.main(verb.split(separator: " ").map(String.init) + ["--help"]) == ExitCode.ok)
        #expect(Commands.all.contains { $0.name == verb && $0.options.contains { $0.name == "json" } })
    }
}
