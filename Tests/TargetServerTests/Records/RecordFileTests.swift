import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import TargetServer

@Suite struct RecordFileTests {
    private struct Line: Codable, Equatable {
        var number: Int
        var text = String(repeating: "x", count: 80)
    }

    @Test func whatWasAppendedIsReadBackInOrder() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lines.jsonl")
        let file = try RecordFile<Line>(path)
        for number in 0..<5 { try file.append(Line(number: number)) }
        #expect(try RecordFile<Line>.newest(of: path).map(\.number) == [0, 1, 2, 3, 4])
        #expect(try RecordFile<Line>.newest(of: path, bytes: 250).map(\.number) == [3, 4])
        #expect(try RecordFile<Line>.newest(of: directory.file("none")).isEmpty)
    }

    @Test func halfALineLeftByAKilledProcessDoesNotSpoilTheNext() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lines.jsonl")
        try RecordFile<Line>(path).append(Line(number: 1))
        let whole = try FileSystem.text(path)
        try FileSystem.writeAtomically(whole + whole.prefix(20), to: path)
        try RecordFile<Line>(path).append(Line(number: 2))
        #expect(try RecordFile<Line>.newest(of: path).map(\.number) == [1, 2])
        #expect(try FileSystem.text(path).split(separator: "\n").count == 2)
    }

    @Test func aLargeFileIsOpenedWithItsNewestHalf() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lines.jsonl")
        let file = try RecordFile<Line>(path)
        for number in 0..<1_000 { try file.append(Line(number: number)) }
        try RecordFile<Line>(path, limit: 20_000).append(Line(number: 1_000))
        let kept = try RecordFile<Line>.newest(of: path).map(\.number)
        #expect(kept == Array((kept.first ?? 0)...1_000))
        #expect((50...120).contains(kept.count))
        #expect(try FileSystem.read(path).count < 12_000)
    }
}
