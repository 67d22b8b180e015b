import OpsYAML
import Testing

/// What a person reads when a document is wrong, word for word.
@Suite struct BadInputTests {
    @Test func tabsAreShownWhereTheyStand() {
        expect(
            "a:\n\tb: 1\n",
            """
            t.yaml:2:1: found character that cannot start any token, while scanning for the next token
              2 | \tb: 1
                | ^
            """
        )
    }

    @Test func everyDuplicateKeyAtOnce() {
        expect(
            "a: 1\nb: 2\na: 3\nb: 4\n",
            """
            t.yaml:3:1: 'a' stands here a second time
              3 | a: 3
                | ^
              hint: first in line 1
            t.yaml:4:1: 'b' stands here a second time
              4 | b: 4
                | ^
              hint: first in line 2
            """
        )
    }

    @Test func aSecondDocument() {
        expect(
            "a: 1\n---\nb: 2\n",
            """
            t.yaml:2:1: a second document begins here; one is allowed
              2 | ---
                | ^
            """
        )
    }

    @Test func anUnknownAlias() {
        expect(
            "a: *nobody\n",
            """
            t.yaml:1:4: no anchor '&nobody' stands before this alias
              1 | a: *nobody
                |    ^
            """
        )
    }

    @Test func controlCharactersDoNotReachTheTerminal() throws {
        let document = try YAMLDocument.parse("a: x\n", file: "t")
        let sink = Diagnostics(file: "t", lines: ["a: \u{1B}[2J\u{202E}"])
        sink.report("wrong", at: document.root.mark)
        #expect(sink.problems.first?.source == "a: \u{FFFD}[2J\u{FFFD}")
    }

    @Test func unknownKeysNameTheNearestOne() throws {
        let document = try YAMLDocument.parse("objectve: 1\nextra: 2\n", file: "t.yaml")
        let sink = document.diagnostics()
        var mapping = try #require(YAMLMapping(document.root, "journey pay", sink))
        _ = mapping.string("objective")
        _ = mapping.requiredString("request")
        mapping.finish()
        let error = #expect(throws: YAMLError.self) { try sink.throwIfAny() }
        #expect(
            error?.problems.map(\.message) == [
                "journey pay needs 'request'", "journey pay has no 'objectve'", "journey pay has no 'extra'",
            ]
        )
        #expect(error?.problems[1].hint == "did you mean 'objective'?")
    }

    /// Any bytes give a tree or an error, never a crash.
    @Test(arguments: 0..<200) func noiseIsHarmless(_ seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        let alphabet = Array("ab:-[]{}&*!|>'\"#%@`,? \n\t\u{0}~é".unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<60 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text.append(alphabet[Int((state >> 33) % UInt64(alphabet.count))])
        }
        do {
            _ = try YAMLDocument.parse(String(text), file: "t").root.json
        } catch {
            #expect(!error.problems.isEmpty, "seed \(seed)")
        }
    }

    private func expect(_ text: String, _ message: String) {
        do {
            _ = try YAMLDocument.parse(text, file: "t.yaml")
            Issue.record("accepted")
        } catch {
            #expect("\(error)" == message)
        }
    }
}
