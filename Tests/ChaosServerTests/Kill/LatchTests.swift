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
