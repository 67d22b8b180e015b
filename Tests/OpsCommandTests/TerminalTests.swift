import OpsCommand
import Testing

@Suite struct TerminalTests {
    @Test(arguments: [
        ("plain text é 漢", "plain text é 漢"), ("a\u{1B}[31mb", "a␛[31mb"),
        ("\u{1B}]0;title\u{07}", "␛]0;title␇"), ("a\u{9B}2Jb", "a⟨9B⟩2Jb"), ("pay \u{202E}evil", "pay ⟨202E⟩evil"),
        ("a\nb\tc\r", "a b c␍"), ("\u{E0041}", "⟨E0041⟩"), ("\u{7F}", "␡"), ("zero\u{200B}width", "zero⟨200B⟩width"),
    ])
    func showsInsteadOfObeying(_ foreign: String, _ shown: String) {
        #expect(Terminal.clean(foreign) == shown)
    }

    @Test func keepsLinesWhenAsked() {
        #expect(Terminal.clean("a\nb\u{1B}", keepingLines: true) == "a\nb␛")
    }

    @Test func columnsLineUp() {
        var table = TextTable(["id", "n"], numbers: ["n"])
        table.add(["a\u{1B}", "1"])
        table.add(["longer", "200", "dropped"])
        table.add([])
        #expect(table.render() == "id        n\na␛        1\nlonger  200\n")
    }
}
