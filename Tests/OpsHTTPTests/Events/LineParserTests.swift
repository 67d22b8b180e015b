import OpsService
import Testing

@testable import OpsHTTP

@Suite struct LineParserTests {
    @Test func linesAreWholeWhereverTheNetworkCuts() {
        var generator = SeededGenerator(seed: 6)
        for round in 0..<200 {
            let lines = (0..<5).map { number in
                "\(number)" + (["", "{}", " é", "🙂"].randomElement(using: &generator) ?? "")
            }
            var bytes = Array((lines.joined(separator: "\n\n") + "\nnot over").utf8)[...]
            var parser = LineParser()
            var read: [String] = []
            while !bytes.isEmpty {
                let count = Int.random(in: 1...9, using: &generator)
                read += parser.feed(bytes.prefix(count))
                bytes = bytes.dropFirst(count)
            }
            #expect(read == lines, "seed 6, round \(round)")
        }
    }

    @Test func aLineHasALimit() {
        var parser = LineParser(limit: 4)
        #expect(parser.feed(Array("abcd\n".utf8)) == ["abcd"])
        #expect(!parser.isOverflown)
        #expect(parser.feed(Array("abcde\nf\n".utf8)).isEmpty)
        #expect(parser.isOverflown)
    }
}
