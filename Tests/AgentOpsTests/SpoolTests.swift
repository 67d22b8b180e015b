import Glibc
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import AgentOps

@Suite struct SpoolTests {
    static let members = Array(#""stream":"tool"}"#.utf8)

    func open(_ directory: TemporaryDirectory, limit: Int = 1 << 20) throws -> Spool {
        try Spool(directory: directory.path, limit: limit)
    }

    @Test func numbersGoOnAfterARestart() throws {
        let directory = try TemporaryDirectory()
        var spool: Spool? = try open(directory)
        let identity = spool?.identity
        for expected in 1...3 { #expect(spool?.append(Self.members) == expected) }
        spool = nil
        let again = try open(directory)
        #expect(again.identity == identity)
        #expect(again.append(Self.members) == 4)
    }

    @Test func onlySyncedRecordsAreHandedOut() throws {
        let spool = try open(TemporaryDirectory())
        _ = spool.append(Self.members)
        #expect(spool.lines(after: 0, count: 10).isEmpty)
        #expect(spool.sync())
        _ = spool.append(Self.members)
        #expect(spool.lines(after: 0, count: 10).map(\.number) == [1])
    }

    /// Every length that a crash may leave: what was whole stays, the torn rest goes, and numbering continues.
    @Test func everyTornTailIsCutOff() throws {
        let directory = try TemporaryDirectory()
        var spool: Spool? = try open(directory)
        for _ in 0..<3 { _ = spool?.append(Self.members) }
        _ = spool?.sync()
        spool = nil
        let file = try #require(try FileSystem.list(directory.path).first { $0.hasSuffix(".spool") })
        let path = "\(directory.path)/\(file)"
        let whole = try FileSystem.read(path)
        let ends = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        for length in 0...whole.count {
            try FileSystem.writeAtomically(Array(whole.prefix(length)), to: path, mode: 0o600)
            let torn = try open(directory)
            #expect(torn.last == ends.filter { $0 <= length }.count, "length \(length)")
            #expect(torn.append(Self.members) == torn.last)
        }
    }

    @Test func everyFlippedBitIsFound() throws {
        let line = SpoolLine.bytes(number: 7, clock: 1, members: Self.members)
        #expect(SpoolLine.scan(line).lines.map(\.number) == [7])
        for index in line.indices.dropLast() {
            for bit in 0..<8 {
                var flipped = line
                flipped[index] ^= 1 << UInt8(bit)
                let read = SpoolLine.scan(flipped).lines.first  // the case of a checksum's letter does not matter
                #expect(read == nil || read?.json == Array(line.dropFirst(9).dropLast()), "byte \(index) bit \(bit)")
            }
        }
    }

    @Test func storedSegmentsAreRemovedAndTheLastOneStays() throws {
        let directory = try TemporaryDirectory()
        let spool = try open(directory, limit: 64 << 20)
        let large = Array(#""payload":""#.utf8) + [UInt8](repeating: 120, count: 1 << 18) + Array(#""}"#.utf8)
        for _ in 0..<40 { _ = spool.append(large) }
        #expect(spool.sync())
        func files() throws -> Int { try FileSystem.list(directory.path).filter { $0.hasSuffix(".spool") }.count }
        #expect(try files() >= 3)
        var seen: [Int] = []
        while let last = spool.lines(after: seen.last ?? 0, count: 7).last?.number {
            seen += (seen.last ?? 0) + 1...last
        }
        #expect(seen == Array(1...40))
        spool.discard(through: 40)
        #expect(try files() == 1)
        #expect(spool.append(Self.members) == 41)
    }
}
