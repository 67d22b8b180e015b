import Glibc
import OpsSystem
import OpsTestKit
import Testing

@Suite("A journal")
struct JournalTests {
    private let directory: TemporaryDirectory

    init() throws { self.directory = try TemporaryDirectory() }

    private func lines() throws -> [String] {
        try Journal.read(self.directory.path).records.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("a missing journal is empty")
    func missing() throws {
        #expect(try Journal.read(self.directory.file("nothing")).records.isEmpty)
    }

    @Test("what was appended is there after reopening, and more goes behind it")
    func reopening() throws {
        do {
            let journal = try Journal(directory: self.directory.path, reserve: 4_096)
            try journal.append(Array("one".utf8))
            try journal.append(Array("two".utf8))
        }
        let journal = try Journal(directory: self.directory.path, reserve: 4_096)
        try journal.append(Array("three".utf8))
        #expect(try self.lines() == ["one", "two", "three"])
    }

    @Test("a second writer is refused")
    func oneWriter() throws {
        let first = try Journal(directory: self.directory.path)
        #expect { try Journal(directory: self.directory.path) } throws: { ($0 as? SystemError)?.code == .locked }
        #expect(!first.isDead)
    }

    @Test("a torn tail is removed, so that a shorter record never joins its remains")
    func tornTail() throws {
        do {
            let journal = try Journal(directory: self.directory.path, reserve: 4_096)
            try journal.append(Array("kept".utf8))
            try journal.append([UInt8](repeating: UInt8(ascii: "x"), count: 300))
            let file = try FileSystem.read(self.directory.file("journal.log"))
            try FileSystem.writeAtomically(Array(file[..<200]), to: self.directory.file("journal.log"))
        }
        #expect(try Journal.read(self.directory.path).torn == 1)
        let journal = try Journal(directory: self.directory.path, reserve: 4_096)
        try journal.append(Array("y".utf8))
        #expect(try self.lines() == ["kept", "y"])
        #expect(try Journal.read(self.directory.path).torn == 0)
    }

    @Test("room is reserved before it is needed")
    func reserve() throws {
        let journal = try Journal(directory: self.directory.path, reserve: 8_192)
        #expect(journal.hasReserve)
        #expect(try FileSystem.read(self.directory.file("journal.log")).count >= 8_192)
        try journal.append([UInt8](repeating: UInt8(ascii: "x"), count: 20_000))
        #expect(journal.hasReserve)
        #expect(try self.lines().count == 1)
    }

    @Test("line breaks and zeros are refused, and the journal lives on")
    func refusedBytes() throws {
        let journal = try Journal(directory: self.directory.path)
        #expect(throws: SystemError.self) { try journal.append([10]) }
        #expect(throws: SystemError.self) { try journal.append([0]) }
        try journal.append([65])
        #expect(try self.lines() == ["A"])
    }

    @Test("after a failed write the journal stays dead")
    func dead() async throws {
        await #expect(processExitsWith: .success) {
            guard let directory = try? TemporaryDirectory(),
                let journal = try? Journal(directory: directory.path, reserve: 1), (try? journal.append([65])) != nil
            else { exit(2) }
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 30, rlim_max: 30)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let isRefused = (try? journal.append([UInt8](repeating: 66, count: 100))) == nil
            exit(isRefused && journal.isDead && (try? journal.append([67])) == nil ? 0 : 1)
        }
    }
}
