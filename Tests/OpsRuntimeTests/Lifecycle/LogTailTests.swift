import Glibc
import OpsSystem
import OpsTestKit
import Testing

@testable import OpsRuntime

@Suite("The end of a log")
struct LogTailTests {
    private let directory: TemporaryDirectory
    private var path: String { self.directory.file("x.log") }

    init() throws { self.directory = try TemporaryDirectory() }

    private func append(_ text: String) throws {
        let file = try FileDescriptor(opening: self.path, O_WRONLY | O_CREAT | O_APPEND)
        try file.write(Array(text.utf8), doing: "append")
    }

    @Test("the last lines, or all there are")
    func last() throws {
        #expect(LogTail.last(3, of: self.path).isEmpty)
        try self.append("a\nb\nc\nd\n")
        #expect(LogTail.last(2, of: self.path) == ["c", "d"])
        #expect(LogTail.last(9, of: self.path) == ["a", "b", "c", "d"])
    }

    @Test("following gives whole lines only, also across a rotation")
    func following() throws {
        try self.append("old\n")
        var tail = LogTail(following: self.path)
        try self.append("one\ntw")
        #expect(tail.added() == ["one"])
        try self.append("o\n")
        #expect(tail.added() == ["two"])
        try FileSystem.move(self.path, to: self.directory.file("x.log.1"))
        try self.append("three\n")
        #expect(tail.added() == ["three"])
        #expect(tail.added().isEmpty)
    }
}
