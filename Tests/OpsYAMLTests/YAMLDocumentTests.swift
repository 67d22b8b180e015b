import OpsModel
import OpsYAML
import Testing

@Suite struct YAMLDocumentTests {
    @Test func keepsOrderAndMarks() throws {
        let root = try YAMLDocument.parse("b: 1\na:\n  - x\n  - {k: 'v'}\n", file: "t.yaml").root
        #expect(root.mapping?.map(\.key) == ["b", "a"])
        #expect(root["a"]?.sequence?[1]["k"]?.mark == YAMLMark(line: 4, column: 9))
        #expect(root.json == ["b": 1, "a": ["x", ["k": "v"]]])
    }

    @Test func emptyTextIsNothing() throws {
        #expect(try YAMLDocument.parse("", file: "t").root.json == .null)
        #expect(try YAMLDocument.parse("# only a comment\n", file: "t").root.json == .null)
    }

    @Test func countsLinesOfTheSurroundingFile() throws {
        let document = try YAMLDocument.parse("a: 1\nb: 2", file: "t", lineOffset: 10)
        #expect(document.root["b"]?.mark.line == 12)
        let sink = document.diagnostics()
        sink.report("wrong", at: document.root["b"]?.mark)
        #expect(sink.problems.first?.source == "b: 2")
    }

    @Test func expandsAliases() throws {
        let root = try YAMLDocument.parse("a: &x [1, 2]\nb: *x\n", file: "t").root
        #expect(root["b"]?.json == [1, 2])
    }

    @Test func refusesLaughter() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse(text, file: "t") }
        #expect(error?.code == .tooLarge)
    }

    @Test func refusesDepthAndSize() {
        let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        #expect(throws: YAMLError.self) { try YAMLDocument.parse(deep, file: "t") }
        let long = "a: " + String(repeating: "x", count: 2 << 20)
        let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse(long, file: "t") }
        #expect(error?.code == .tooLarge)
    }

    @Test func refusesSelfReference() {
        #expect(throws: YAMLError.self) { try YAMLDocument.parse("a: &x [*x]\n", file: "t") }
    }

    @Test func decodesAndPointsAtTheMismatch() throws {
        struct Shape: Decodable {
            var name: String
            var ports: [Int]
        }
        let good = try YAMLDocument.parse("name: api\nports: [1, 2]\n", file: "t").root
        #expect(try YAMLDecoder().decode(Shape.self, from: good).ports == [1, 2])
        let bad = try YAMLDocument.parse("name: api\nports:\n  - 1\n  - two\n", file: "t").root
        let error = #expect(throws: YAMLError.self) { try YAMLDecoder().decode(Shape.self, from: bad, file: "t") }
        #expect(error?.problems.first?.line == 4)
    }
}
