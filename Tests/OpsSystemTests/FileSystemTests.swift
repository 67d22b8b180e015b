import Glibc
import OpsSystem
import OpsTestKit
import Testing

@Suite("Files")
struct FileSystemTests {
    private let directory: TemporaryDirectory

    init() throws { self.directory = try TemporaryDirectory() }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test("a directory that the kernel never makes is an error, not a search without end")
    func impossibleDirectory() {
        #expect { try FileSystem.makeDirectory("/proc/opslab/deep") } throws: { $0 is SystemError }
    }

    @Test("an atomic write gives a new file 0600, keeps an old one's mode, and changes the inode")
    func atomicWrite() throws {
        let path = self.directory.file("f")
        try FileSystem.writeAtomically("one", to: path)
        #expect(self.mode(path) == 0o600)
        chmod(path, 0o640)
        let before = FileSystem.inode(path)
        try FileSystem.writeAtomically("two", to: path)
        #expect(self.mode(path) == 0o640)
        #expect(FileSystem.inode(path) != before)
        #expect(try FileSystem.text(path) == "two")
        #expect(try FileSystem.list(self.directory.path) == ["f"])
    }

    @Test("a failed write leaves the old content and no litter")
    func failedWrite() throws {
        #expect(throws: SystemError.self) { try FileSystem.writeAtomically("x", to: "\(self.directory.path)/no/such") }
        try FileSystem.makeDirectory(self.directory.file("taken"))
        #expect(throws: SystemError.self) { try FileSystem.writeAtomically("x", to: self.directory.file("taken")) }
        #expect(try FileSystem.list(self.directory.path) == ["taken"])
    }

    @Test("an exchange swaps content, and fails when one side is missing")
    func exchange() throws {
        try FileSystem.writeAtomically("a", to: self.directory.file("a"))
        try FileSystem.writeAtomically("b", to: self.directory.file("b"))
        try FileSystem.exchange(self.directory.file("a"), self.directory.file("b"))
        #expect(try FileSystem.text(self.directory.file("a")) == "b")
        #expect { try FileSystem.exchange(self.directory.file("a"), self.directory.file("c")) } throws: {
            ($0 as? SystemError)?.code == .notFound
        }
        #expect { try FileSystem.moveNew(self.directory.file("a"), to: self.directory.file("b")) } throws: {
            ($0 as? SystemError)?.code == .alreadyExists
        }
    }

    @Test("a tree is removed without following links")
    func removeTree() throws {
        let outside = try TemporaryDirectory()
        try FileSystem.writeAtomically("stays", to: outside.file("f"))
        try FileSystem.makeDirectory(self.directory.file("deep/er"), mode: 0o755)
        symlink(outside.path, self.directory.file("deep/er/link"))
        try FileSystem.removeTree(self.directory.file("deep"))
        #expect(!FileSystem.exists(self.directory.file("deep")))
        #expect(try FileSystem.text(outside.file("f")) == "stays")
        try FileSystem.removeTree(self.directory.file("deep"))
    }

    @Test("a program that a narrow umask closed to others is copied open, and its own mode is left alone")
    func narrowProgram() throws {
        let program = self.directory.file("program")
        try FileSystem.writeAtomically("x", to: program, mode: 0o700)
        let path = self.directory.file("copy")
        for _ in 0..<2 { try FileSystem.linkOrCopy(program, to: path, mode: 0o755) }
        #expect(self.mode(path) == 0o755)
        #expect(self.mode(program) == 0o700)
        chmod(program, 0o755)
        try FileSystem.linkOrCopy(program, to: path, mode: 0o755)
        #expect(FileSystem.inode(path) == FileSystem.inode(program))
    }

    @Test("the end of a file is read without the rest")
    func readEnd() throws {
        let path = self.directory.file("long")
        try FileSystem.writeAtomically((0..<200_000).map { UInt8($0 % 251) }, to: path)
        #expect(try FileSystem.readEnd(path, limit: 100_000) == (100_000..<200_000).map { UInt8($0 % 251) })
        #expect(try FileSystem.readEnd(path, limit: 1 << 20).count == 200_000)
    }

    @Test("a file over the limit is refused")
    func limit() throws {
        try FileSystem.writeAtomically([UInt8](repeating: 1, count: 2_000), to: self.directory.file("big"))
        #expect { try FileSystem.read(self.directory.file("big"), limit: 1_000) } throws: {
            ($0 as? SystemError)?.code == .tooLarge
        }
        #expect(try FileSystem.freeSpace(self.directory.path) > 0)
    }
}
