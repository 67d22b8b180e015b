import OpsSystem
import Testing

@Suite("A journal's bytes")
struct JournalFrameTests {
    private let records = ["first", "", "{\"n\":3}", "a longer line with\ttabs"].map { Array($0.utf8) }

    @Test("reading gives back what was written, whatever zeros follow")
    func roundTrip() {
        let bytes = self.records.flatMap(JournalFrame.encode)
        let contents = JournalFrame.decode(bytes + [UInt8](repeating: 0, count: 500))
        #expect(contents.records == self.records)
        #expect(contents.torn == 0)
        #expect(contents.end == bytes.count)
    }

    @Test("every prefix gives the records that were complete, and never another one")
    func tornTails() {
        let bytes = self.records.flatMap(JournalFrame.encode)
        var ends: [Int] = [0]
        for record in self.records { ends.append((ends.last ?? 0) + JournalFrame.encode(record).count) }
        for length in 0...bytes.count {
            let contents = JournalFrame.decode(Array(bytes[..<length]) + [UInt8](repeating: 0, count: 64))
            // A record whose line break alone is missing is whole: its checksum says so.
            let complete = ends.dropFirst().count { $0 - 1 <= length }
            #expect(contents.records == Array(self.records.prefix(complete)), "cut at \(length)")
            #expect(contents.torn == (ends.contains(length) ? 0 : 1), "cut at \(length)")
        }
    }

    @Test("a flipped bit loses at most its own record and is counted")
    func bitFlips() {
        let bytes = self.records.flatMap(JournalFrame.encode)
        for bit in 0..<(bytes.count * 8) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            let contents = JournalFrame.decode(damaged)
            #expect(contents.torn > 0, "bit \(bit)")
            #expect(contents.records.count >= self.records.count - 1, "bit \(bit)")
            #expect(contents.records.allSatisfy(self.records.contains), "bit \(bit)")
        }
    }

    @Test("the checksum is the Castagnoli one")
    func knownChecksum() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    }

    @Test("noise is never read as a record", arguments: 0..<50)
    func noise(seed: UInt64) {
        var state = seed &* 6_364_136_223_846_793_005 &+ 1
        let bytes = (0..<400).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        #expect(JournalFrame.decode(bytes).records.isEmpty)
    }
}
