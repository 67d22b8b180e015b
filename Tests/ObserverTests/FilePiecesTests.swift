import OpsSystem
import OpsTestKit
import Testing

@testable import Observer

@Suite("FilePieces")
struct FilePiecesTests {
    @Test("gives every line once, over the seams and without a last line end")
    func lines() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("x.log")
        let expected = (0..<30_000).map { "line \($0) " + String(repeating: "x", count: $0 % 90) }
        try FileSystem.writeAtomically(expected.joined(separator: "\n"), to: path)
        var pieces = try #require(FilePieces(path: path))
        var found: [String] = []
        while let lines = pieces.next() { found += lines.map { String(decoding: $0, as: UTF8.self) } }
        #expect(found == expected)
        #expect(FilePieces(path: directory.file("missing")) == nil)
    }
}
