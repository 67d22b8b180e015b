import Testing

@testable import ControlPlane

@Suite struct CommandWordsTests {
    @Test(arguments: [
        ("python3 agent.py", ["python3", "agent.py"]), ("  a\t b \n", ["a", "b"]), ("a 'b c' d", ["a", "b c", "d"]),
        (#"a "b \"c\"" d"#, ["a", #"b "c""#, "d"]), (#"a\ b '\n'"#, ["a b", #"\n"#]), ("a '' b", ["a", "", "b"]),
        (#""$HOME" *"#, ["$HOME", "*"]), ("", []),
    ])
    func `words are split as a shell splits them, and nothing is expanded`(line: String, words: [String]) {
        #expect(CommandWords.split(line) == words)
    }

    @Test(arguments: ["a 'b", #"a "b"#, #"a \"#])
    func `what is not closed is no command`(line: String) {
        #expect(CommandWords.split(line) == nil)
    }
}
