import OpsService
import Testing

@testable import OpsHTTP

@Suite struct PercentEncodingTests {
    @Test func decodingUndoesEncoding() {
        var generator = SeededGenerator(seed: 11)
        for round in 0..<500 {
            let scalars = (0..<Int.random(in: 0...20, using: &generator)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x10_FFFF, using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let encoded = PercentEncoding.encode(text)
            #expect(PercentEncoding.decode(encoded.utf8) == text, "seed 11, round \(round)")
            #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        }
    }

    @Test func plusIsASpaceInQueriesOnly() {
        #expect(PercentEncoding.decode("a+b".utf8) == "a+b")
        #expect(PercentEncoding.decode("a+b".utf8, plusIsSpace: true) == "a b")
    }
}
