import Glibc
import OpsSystem
import OpsTestKit
import Testing

@testable import Observer

@Suite("LogTail")
struct LogTailTests {
    private func check(_ tail: inout LogTail, _ lines: [String]) {
        let read = tail.read().lines.map { String(decoding: $0, as: UTF8.self) }
        #expect(read == lines)
    }

    @Test("begins at the end, gives whole lines, follows rotation and truncation")
    func follows() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("x.log")
        try FileSystem.writeAtomically("old\n", to: path)
        var tail = LogTail(path: path)
        check(&tail, [])
        try append("one\ntw", to: path)
        check(&tail, ["one"])
        try append("o\n", to: path)
        check(&tail, ["two"])
        try FileSystem.move(path, to: directory.file("x.log.1"))
        check(&tail, [])
        try FileSystem.writeAtomically("new\n", to: path)
        check(&tail, ["new"])
    }

    @Test("what is too far behind is skipped and counted")
    func skips() throws {
        let path = try TemporaryDirectory()
        let file = path.file("big.log")
        try FileSystem.writeAtomically("", to: file)
        var tail = LogTail(path: file)
        _ = tail.read()
        try FileSystem.writeAtomically([UInt8](repeating: 97, count: LogTail.limit + 500) + [10], to: file)
        var fresh = LogTail(path: file, fromStart: true)
        let reading = fresh.read()
        #expect(reading.skipped == 501)
        #expect(reading.lines.count == 1)
    }

    private func append(_ text: String, to path: String) throws {
        let before = try FileSystem.read(path)
        let descriptor = open(path, O_WRONLY | O_TRUNC)
        defer { close(descriptor) }
        let all = before + Array(text.utf8)
        let written = all.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        #expect(written == all.count)
    }
}
