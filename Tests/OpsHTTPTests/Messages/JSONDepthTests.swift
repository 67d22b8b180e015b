import Testing

@testable import OpsHTTP

@Suite struct JSONDepthTests {
    @Test func countsOpenBracketsOutsideStrings() {
        #expect(JSONDepth.isWithin(2, Array(#"{"a":[1,2],"b":[3]}"#.utf8)))
        #expect(!JSONDepth.isWithin(2, Array(#"{"a":[[1]]}"#.utf8)))
        #expect(JSONDepth.isWithin(1, Array(#"{"a":"[[[[\"[["}"#.utf8)))
        #expect(JSONDepth.isWithin(1, Array("[][][][]".utf8)))
    }

    @Test func stopsEarlyInAWallOfBrackets() {
        #expect(!JSONDepth.isWithin(64, [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)))
    }
}
