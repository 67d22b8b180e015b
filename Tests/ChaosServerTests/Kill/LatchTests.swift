import Glibc
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("The latch")
struct LatchTests {
    private func latch(_ id: String) -> Latch { Latch(killID: id, reason: "r", actor: "a", at: .now()) }

    @Test("The first press counts, and a damaged file still stops")
    func file() throws {
        let directory = try TemporaryDirectory()
        let file = LatchFile(state: directory.path)
        #expect(file.read() == nil)
        #expect(try file.raise(self.latch("one")).killID == "one")
        #expect(try file.raise(self.latch("two")).killID == "one")
        try FileSystem.writeAtomically("garbage", to: directory.file("latch.json"))
        #expect(file.read()?.killID == "unreadable")
        try file.lower()
        #expect(file.read() == nil)
    }

    /// A file system of its own that can be filled; only root may make one.
    private static func smallDisk() -> TemporaryDirectory? {
        guard geteuid() == 0, let directory = try? TemporaryDirectory() else { return nil }
        return mount("tmpfs", directory.path, "tmpfs", 0, "size=64k") == 0 ? directory : nil
    }

    @Test("A full disk does not keep anybody from stopping", .enabled(if: Self.smallDisk().map(Self.free) != nil))
    func fullDisk() throws {
        let disk = try #require(Self.smallDisk())
        defer { Self.free(disk) }
        let file = LatchFile(state: disk.path)
        try file.reserve()
        let filler = try FileDescriptor(opening: disk.file("filler"), O_WRONLY | O_CREAT)
        #expect(throws: SystemError.self) {
            while true { try filler.write([UInt8](repeating: 1, count: 1_024), doing: "fill") }
        }
        #expect(throws: SystemError.self) { try FileSystem.writeAtomically("x", to: disk.file("other")) }
        #expect(try file.raise(self.latch("one")).killID == "one")
        #expect(file.read()?.killID == "one")
        #expect(try file.raise(self.latch("two")).killID == "one")
        try file.lower()
        #expect(file.read() == nil)
        // No room for another spare: then the file alone says it.
        try FileSystem.remove(disk.file("latch.spare"))
        while (try? filler.write([UInt8](repeating: 1, count: 1_024), doing: "fill")) != nil {}
        #expect(try file.raise(self.latch("three")).killID == "three")
        #expect(file.read()?.killID == "unreadable")
    }

    private static func free(_ disk: TemporaryDirectory) { umount(disk.path) }

    @Test("Going on needs this kill, a reason and a clean world, or force")
    func refusals() {
        let latch = self.latch("one")
        #expect(Latch.refusal(of: nil, killID: "one", reason: "x", open: [], force: false) == .notLatched)
        #expect(
            Latch.refusal(of: latch, killID: "two", reason: "x", open: [], force: true) == .otherKill(current: "one")
        )
        #expect(Latch.refusal(of: latch, killID: "one", reason: " ", open: [], force: true) == .noReason)
        #expect(Latch.refusal(of: latch, killID: "one", reason: "x", open: ["f"], force: false) == .unfinished(["f"]))
        #expect(Latch.refusal(of: latch, killID: "one", reason: "x", open: ["f"], force: true) == nil)
    }
}
