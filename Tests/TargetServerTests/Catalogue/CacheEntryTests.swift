import Testing

@testable import TargetServer

@Suite struct CacheEntryTests {
    private let entry = CacheEntry(content: Array(#"{"data":[]}"#.utf8), expires: 2_000_000_000)

    @Test func writingThenReadingChangesNothing() throws {
        #expect(try CacheEntry(bytes: entry.bytes) == entry)
    }

    @Test func everyFlippedBitOfTheContentIsFound() throws {
        let bytes = entry.bytes
        let start = bytes.count - entry.content.count
        for position in start..<bytes.count {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[position] ^= 1 << bit
                #expect(throws: CacheEntry.Damage.checksum) { try CacheEntry(bytes: damaged) }
            }
        }
    }

    @Test func anEntryWithoutChecksumIsTakenAtItsWord() throws {
        let bytes = Array("shop-cache 1 expires=7\nwrong content".utf8)
        #expect(try CacheEntry(bytes: bytes).content == Array("wrong content".utf8))
    }

    @Test(arguments: ["", "nothing", "shop-cache 2 crc32c=0\nx", "\nshop-cache 1"])
    func whatIsNotOursIsDamaged(_ text: String) {
        #expect(throws: CacheEntry.Damage.header) { try CacheEntry(bytes: Array(text.utf8)) }
    }
}
