import Testing

@testable import OpsCommand

private struct ShowCommand: Command {
    static let name = "incident show"
    static let summary = "print one incident"
    static let arguments = [Argument("ID", help: "the incident")]
    static let options = [
        Option.json, .value("seed", "N", short: "s", default: "1", help: "where chance begins"),
        .value("as", "WHO", choices: ["ann", "bob"], help: "the identity"),
    ]
    let parsed: ParsedArguments
    init(_ parsed: ParsedArguments) throws { self.parsed = parsed }
    func run() async throws -> Int32 { 0 }
}

private struct ListCommand: Command {
    static let name = "incidents"
    static let summary = "list incidents"
    init(_ parsed: ParsedArguments) throws {}
    func run() async throws -> Int32 { throw CommandError("no gate", exitCode: ExitCode.unreachable) }
}

@Suite struct CommandTableTests {
    private let table = CommandTable(
        program: "lab",
        about: "A lab.",
        commands: [ListCommand.self, ShowCommand.self]
    )

    @Test func readsOptionsInAllSpellings() throws {
        let parsed = try show(["incident", "show", "inc-1", "--json", "--as=bob", "-s", "7", "--", "--x"])
        #expect(parsed.argument("ID") == "inc-1")
        #expect(parsed.flag("json"))
        #expect(parsed.string("as") == "bob")
        #expect(try parsed.seed("seed") == 7)
        #expect(parsed.rest == ["--x"])
    }

    @Test func fillsDefaults() throws {
        #expect(try show(["incident", "show", "x"]).int("seed", in: 0...9) == 1)
    }

    @Test(arguments: [
        (["incidnts"], "lab has no verb 'incidnts'\nhint: did you mean incidents or incident show?"),
        (["incident"], "'lab incident' needs one more word\nhint: one of: incident show"),
        (["incident", "show"], "ID is missing: the incident\nhint: usage: incident show ID [options]"),
        (["incident", "show", "a", "b"], "'b' is one argument too many\nhint: usage: incident show ID [options]"),
        (
            ["incident", "show", "a", "--sed", "1"],
            "'incident show' has no option --sed\nhint: known: --json, --seed, --as, --help"
        ),
        (["incident", "show", "a", "--as", "eve"], "--as must be one of ann, bob, not 'eve'"),
        (["incident", "show", "a", "--as"], "--as needs a value: --as WHO"),
        (["incident", "show", "a", "--json=1"], "--json takes no value"),
        (["incident", "show", "a", "-s", "1", "-s", "2"], "--seed is given twice"),
    ])
    func explainsWhatMakesNoSense(_ words: [String], _ message: String) {
        do {
            _ = try table.parse(words)
            Issue.record("accepted \(words)")
        } catch {
            #expect("\(error)" == message)
            #expect((error as? CommandError)?.exitCode == ExitCode.usage)
        }
    }

    @Test func helpIsStable() throws {
        guard case .print(let text) = try table.parse(["incident", "show", "--help"]) else {
            Issue.record("no help")
            return
        }
        #expect(
            text == """
                print one incident.

                Usage: lab incident show ID [options]

                Arguments:
                  ID  the incident

                Options:
                      --json    print one JSON document instead of text
                  -s, --seed N  where chance begins (default 1)
                      --as WHO  the identity (ann, bob)
                  -h, --help    print this and do nothing

                Exit codes: 0 done, 1 failed, 2 usage, 3 refused, 4 unreachable, 69 unavailable here, 78 configuration.
                """
        )
    }

    @Test func errorsBecomeExitCodes() async {
        #expect(await table.main(["incidents"]) == ExitCode.unreachable)
    }

    @Test(arguments: [("500ms", 500.0), ("30s", 30_000), ("2m", 120_000), ("1.5s", 1_500)])
    func readsDurations(_ text: String, _ milliseconds: Double) throws {
        let parsed = ParsedArguments(values: ["for": [text]])
        #expect(try parsed.duration("for") == .milliseconds(milliseconds))
    }

    @Test(arguments: ["30", "s", "-1s", "1d", "nan s", ""]) func refusesOtherDurations(_ text: String) {
        #expect(throws: CommandError.self) { try ParsedArguments(values: ["for": [text]]).duration("for") }
    }

    private func show(_ words: [String]) throws -> ParsedArguments {
        guard case .run(let command) = try table.parse(words), let show = command as? ShowCommand else {
            throw CommandError("not the verb that was meant")
        }
        return show.parsed
    }
}
